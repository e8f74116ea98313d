/* cli_commands.c: THE table of commands. */
#include <stdint.h>

#include "entry/cli.h"

const struct cli_command cli_commands[] = {
    {"serve", NULL, 0, 0, CONFIG_FOR_SERVE, "answer HTTP requests",
     "Serves the database over HTTP until SIGTERM or SIGINT. Once requests are answered, one line "
     "on\n"
     "standard output says where, with one url= for each --listen in the order given:\n"
     "\n"
     "  ready url=http://127.0.0.1:8080\n"
     "\n"
     "Log lines go to standard error. The first signal lets open requests end (see "
     "--drain-timeout),\n"
     "a second one stops at once.\n"
     "\n"
     "SIGHUP opens --log-file anew, reads certificate and key anew, and reads --config again: the\n"
     "options marked SIGHUP below change while the server runs; of the others a log line says "
     "that\n"
     "they need a restart. A file that is wrong changes nothing.\n"
     "\n"
     "Under systemd and its like: sockets that were passed (LISTEN_FDS) take the place of "
     "--listen, "
     "and\n"
     "NOTIFY_SOCKET hears of readiness, reloads, signs of life and the end.",
     cli_serve},
    {"import", "PATH...", 1, SIZE_MAX, CONFIG_FOR_IMPORT, "bring articles into the database",
     "Imports files, folders (all *.txt and *.text below them, in order of their names) and "
     "standard\n"
     "input (-). A file holds one article as source text, or one JSON object a line when its name "
     "ends\n"
     "in .ndjson or .jsonl. Importing the same text again changes nothing, whatever was edited or "
     "deleted\n"
     "since; a text that was edited is what counts, and keeps the addresses of its paragraphs.\n"
     "--mode replace makes all articles as their texts have them, --mode create makes only new "
     "ones.\n"
     "\n"
     "With --url the articles are sent to a running server, a few hundred at a time, which needs a "
     "token\n"
     "with the scope write in --token-file:\n"
     "\n"
     "  pilcrow import --url http://127.0.0.1:8080 --token-file desk.token articles/\n"
     "\n"
     "What cannot be read is refused as file:line:column and left out; the rest goes on. The last "
     "line\n"
     "sums up:\n"
     "\n"
     "  created 3, updated 1, unchanged 12, refused 0 (in 0.1 s)\n"
     "\n"
     "Exit status: 0 everything is in, 1 something was refused, 3 the database or the system "
     "failed.\n"
     "SIGINT and SIGTERM end the run; what the last line counts is in then, and nothing half.",
     cli_import},
    {"check", NULL, 0, 0, CONFIG_FOR_CHECK, "examine the database, and repair what can be",
     "Reads the whole database and says what is wrong with it. It may run beside a server.\n"
     "\n"
     "With --repair, while no server runs, it builds anew what follows from other rows (counts,\n"
     "totals), says what it set right, and examines the rest. What is left then needs a\n"
     "backup. Exit status: 0 all is well, 3 something is wrong.",
     cli_check},
    {"token", "ACTION [ID]", 1, 2, CONFIG_FOR_TOKEN,
     "make, list and revoke tokens of those who write",
     "  pilcrow token create --name desk --scope write --expires 90d\n"
     "  pilcrow token list\n"
     "  pilcrow token revoke ID\n"
     "\n"
     "A token is printed once, alone on standard output, and kept as a digest in the file\n"
     "FILE.tokens beside the database, which belongs to its owner alone. A running server sees\n"
     "within a second what was made or revoked. Exit status: 0 done, 1 there is no such token,\n"
     "3 the file cannot be read or written.",
     cli_token},
    {"backup", "FILE", 1, 1, CONFIG_FOR_BACKUP, "copy the database while it is used",
     "Writes one state of the database to FILE, also while a server answers and writes. The file "
     "is\n"
     "there as a whole or not at all. Tokens are not in it. The last line says what it holds:\n"
     "\n"
     "  backup.db: seq 4711, 123456 bytes\n"
     "\n"
     "Exit status: 0 done, 3 it could not be made.",
     cli_backup},
    {"restore", "FILE", 1, 1, CONFIG_FOR_RESTORE, "put a backup in the place of the database",
     "Examines the backup as check does, and puts a copy of it in the place of the database. What "
     "was\n"
     "there stays beside it as FILE.before-restore-TIME. No server may run on the database; its "
     "tokens\n"
     "stay as they are. Exit status: 0 done, 3 nothing was changed.",
     cli_restore},
    {"healthcheck", NULL, 0, 0, CONFIG_FOR_HEALTHCHECK, "ask a running server whether it is well",
     "Asks /healthz of a running server. Exit status: 0 it answered 200, 3 it did not. Meant for\n"
     "containers, which need no other program for it.",
     cli_healthcheck},
    {"config", NULL, 0, 0, CONFIG_FOR_SERVE | CONFIG_FOR_CONFIG,
     "show the settings that are in force",
     "Takes what serve takes and prints each setting: its value, and where that comes from. An "
     "option\n"
     "wins over the environment, the environment over the file, the file over the default.\n"
     "\n"
     "  pilcrow config --example >pilcrow.conf\n"
     "  pilcrow config --config pilcrow.conf\n"
     "\n"
     "A file has one setting a line, KEY = VALUE; lines that begin with # are comments. The keys "
     "are the\n"
     "options of serve without the dashes. An option that may be repeated is repeated; any other "
     "that\n"
     "stands twice, and any that is unknown, is an error.",
     cli_config},
    {"docs", "TABLE", 1, 1, 0, "print a table of the reference, or the description of the API",
     "Prints one of the tables that the program itself works with, as Markdown: commands, "
     "settings,\n"
     "routes, parameters, problems. With openapi it prints what /openapi.json answers.",
     cli_docs},
    {"version", NULL, 0, 0, 0, "print the versions of the program and its libraries",
     "Prints the version of the program and of the libraries it runs with.", cli_version},
    {"help", "[COMMAND]", 0, 1, 0, "print this text, or the help of a command",
     "Prints what there is, or the help of one command.", cli_help},
};

const size_t cli_commands_count = sizeof cli_commands / sizeof cli_commands[0];

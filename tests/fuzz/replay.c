/* replay.c: runs a fuzz target over kept inputs, with any compiler. Arguments are files and
 * folders; a folder that is not there counts as empty. Prints one `ok` line with the number of
 * inputs; a target that finds something ends the process itself, so that line is then missing. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

static size_t inputs;

/* Exactly as many bytes as the input has, on the heap, so that reading one more is found. */
static int replay_file(const char *path, off_t size) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    size_t wanted = (size_t)size;
    uint8_t *bytes = malloc(wanted == 0 ? 1 : wanted);
    size_t got = bytes == NULL ? 0 : fread(bytes, 1, wanted, file);
    fclose(file);
    if (bytes == NULL || got != wanted) {
        fprintf(stderr, "%s: cannot be read\n", path);
        free(bytes);
        return 1;
    }
    fprintf(stderr, "replay %s\n", path);
    (void)LLVMFuzzerTestOneInput(bytes, got);
    free(bytes);
    inputs++;
    return 0;
}

static int replay_path(const char *path);

static int replay_folder(const char *path) {
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0) {
        perror(path);
        return 1;
    }
    int status = 0;
    for (int i = 0; i < count; i++) {
        char below[4096];
        int length = snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && length > 0 && (size_t)length < sizeof below) {
            status |= replay_path(below);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

static int replay_path(const char *path) {
    struct stat info;
    if (stat(path, &info) != 0) {
        if (errno == ENOENT) {
            return 0;
        }
        perror(path);
        return 1;
    }
    return S_ISDIR(info.st_mode) ? replay_folder(path) : replay_file(path, info.st_size);
}

int main(int argc, char **argv) {
    if (LLVMFuzzerInitialize != NULL) {
        (void)LLVMFuzzerInitialize(&argc, &argv);
    }
    int status = 0;
    for (int i = 1; i < argc; i++) {
        status |= replay_path(argv[i]);
    }
    const char *name = strrchr(argv[0], '/') == NULL ? argv[0] : strrchr(argv[0], '/') + 1;
    printf("%s - fuzz target %s took %zu kept inputs\n",
           status == 0 && inputs > 0 ? "ok" : "not ok", name, inputs);
    return status == 0 && inputs > 0 ? 0 : 1;
}

"""The project's files as the lint rules see them: paths from the root, text, and C without comments."""

import pathlib
import re
import shutil
import subprocess

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(match):
    """Comments and literals become blanks of the same shape, so that lines keep their numbers."""
    text = match.group(0)
    quote = text[0] if text[0] in "\"'" else " "
    inner = re.sub(r"[^\n]", " ", text[1:-1])
    return quote + inner + quote


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = self._list()

    def _list(self):
        """What git would commit; without git, every file that is not built."""
        if (self.root / ".git").exists() and shutil.which("git"):
            got = subprocess.run(["git", "-c", "safe.directory=*", "-C", str(self.root), "ls-files", "-z", "--cached",
                                  "--others", "--exclude-standard"], capture_output=True, text=True, check=True)
            names = [name for name in got.stdout.split("\0") if name]
        else:
            names = [str(path.relative_to(self.root)) for path in self.root.rglob("*")
                     if not {"build", ".git", "__pycache__"} & set(path.relative_to(self.root).parts)]
        return sorted(name for name in set(names) if (self.root / name).is_file())

    def match(self, *patterns):
        return [name for name in self.files
                if any(pathlib.PurePath(name).match(pattern) for pattern in patterns)]

    def c_files(self):
        """C of the program: contracts and rooms."""
        return [name for name in self.files
                if re.fullmatch(r"(src|include)/\w+/(\w+/)?[\w-]+\.[ch]", name)]

    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8", errors="replace")

    def code(self, name):
        """C without comments and the insides of literals; #include lines are blanked there too."""
        return TOKEN.sub(blank, self.text(name))

    def includes(self, name):
        """(line, "name" or <name> text, is_quoted) of every #include."""
        found = []
        for number, line in enumerate(self.text(name).splitlines(), 1):
            match = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
            if match:
                found.append((number, match.group(2), match.group(1) == '"'))
        return found

"""The Debian package, from installation to purge, in a clean Debian without systemd. Each test goes on from the one
before."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from conftest import ROOT, WORK, get, need, run

DATA = "var/lib/pilcrow"
SETTINGS = "etc/pilcrow/pilcrow.conf"


class Machine:
    """A root file system to install into."""

    def __init__(self, folder, debian):
        self.folder = folder
        folder.mkdir(parents=True)
        run("tar", "-C", folder, "-xpf", debian)
        (folder / "etc/dpkg/dpkg.cfg.d/99mmdebstrap").unlink(missing_ok=True)
        shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")

    def command(self, *words, user=None):
        """A process of its own mounts; /proc is there, nothing of it stays."""
        inside = f'mount -t proc proc "{self.folder}/proc" && exec chroot "$@"'
        identity = [f"--userspec={user}"] if user else []
        return ["unshare", "--mount", "sh", "-c", inside, "sh", *identity, str(self.folder), *words]

    def run(self, *words, user=None):
        return run(*self.command(*words, user=user), env={"PATH": os.environ["PATH"], "DEBIAN_FRONTEND": "noninteractive",
                                                          "LC_ALL": "C.UTF-8"})

    def install(self, package):
        shutil.copy(package, self.folder / "tmp/pilcrow.deb")
        self.run("apt-get", "install", "-y", "--no-install-recommends", "/tmp/pilcrow.deb")

    def owner(self, name):
        status = (self.folder / name).stat()
        users = dict(line.split(":")[:3:2] for line in (self.folder / "etc/passwd").read_text().splitlines())
        return next(user for user, number in users.items() if int(number) == status.st_uid), status.st_mode & 0o777

    def serve(self):
        return subprocess.Popen(self.command("pilcrow", "serve", "--config", f"/{SETTINGS}", "--db", f"/{DATA}/pilcrow.db",
                                             "--listen", "127.0.0.1:0", user="pilcrow:pilcrow"), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def package():
    found = sorted((ROOT / "build/deb").glob("pilcrow_*_*.deb"))
    if not found:
        pytest.skip("there is no package: make deb")
    return found[-1]


@pytest.fixture(scope="module")
def newer(package):
    """The same package as the next version of itself."""
    folder = WORK / "newer"
    shutil.rmtree(folder, ignore_errors=True)
    run("dpkg-deb", "-R", package, folder)
    control = folder / "DEBIAN/control"
    text = control.read_text()
    control.write_text(re.sub(r"^(Version: .*)$", r"\1+next", text, flags=re.M))
    made = WORK / "newer.deb"
    run("dpkg-deb", "-b", folder, made)
    return made


@pytest.fixture(scope="module")
def machine(debian):
    need("unshare", "chroot", "dpkg-deb")
    folder = pathlib.Path(WORK) / "machine"
    shutil.rmtree(folder, ignore_errors=True)
    made = Machine(folder, debian)
    try:
        made.run("apt-get", "update")
    except AssertionError as error:
        pytest.skip(f"no Debian mirror can be reached from the clean system: {str(error)[-300:]}")
    yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(machine):
    process = machine.serve()
    ready = process.stdout.readline()
    assert ready.startswith("ready url="), process.communicate(timeout=20)
    yield ready.split("url=")[1].strip()
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 0


def titles(url):
    return [item["title"] for item in json.loads(get(url + "/v1/articles?limit=100")[2])["data"]]


def test_install(machine, package):
    machine.install(package)
    assert machine.owner(DATA) == ("pilcrow", 0o750)
    passwd = next(line for line in (machine.folder / "etc/passwd").read_text().splitlines() if line.startswith("pilcrow:"))
    assert passwd.endswith(":/var/lib/pilcrow:/usr/sbin/nologin")
    assert machine.run("pilcrow", "version").startswith("pilcrow ")
    wanted = machine.folder / "etc/systemd/system/multi-user.target.wants/pilcrow.service"
    assert os.path.islink(wanted), "the service is enabled"
    assert not os.path.lexists(machine.folder / "etc/systemd/system/sockets.target.wants/pilcrow.socket")
    for name in ("usr/share/man/man1/pilcrow.1.gz", "usr/share/doc/pilcrow/copyright", "lib/systemd/system/pilcrow.socket"):
        assert (machine.folder / name).exists(), name


def test_imports_as_its_user_and_serves(machine, url):
    assert titles(url) == []


def test_samples(machine):
    said = machine.run("pilcrow", "import", "--db", f"/{DATA}/pilcrow.db", "/usr/share/pilcrow/samples",
                       user="pilcrow:pilcrow")
    assert said.splitlines()[-1].startswith("created 12,")


def test_serves_them(machine, url):
    assert len(titles(url)) == 12
    machine.run("pilcrow", "healthcheck", "--url", url)


def test_upgrade_keeps_data_and_settings(machine, newer):
    settings = machine.folder / SETTINGS
    settings.write_text(settings.read_text() + "title = Ours\n")
    machine.install(newer)
    assert machine.run("dpkg-query", "-W", "-f", "${Version}", "pilcrow").endswith("+next")
    assert "title = Ours" in settings.read_text()


def test_serves_them_after_the_upgrade(machine, url):
    assert len(titles(url)) == 12


def test_removal_keeps_data_and_settings(machine):
    machine.run("apt-get", "remove", "-y", "pilcrow")
    assert not (machine.folder / "usr/bin/pilcrow").exists()
    assert (machine.folder / DATA / "pilcrow.db").exists()
    assert (machine.folder / SETTINGS).exists()


def test_installed_again_it_finds_its_data(machine, newer):
    machine.install(newer)
    assert machine.run("pilcrow", "check", "--db", f"/{DATA}/pilcrow.db", user="pilcrow:pilcrow") is not None
    assert machine.owner(f"{DATA}/pilcrow.db")[0] == "pilcrow"


def test_purge_takes_everything_but_the_user(machine):
    machine.run("apt-get", "purge", "-y", "pilcrow")
    assert not (machine.folder / DATA).exists()
    assert not (machine.folder / "etc/pilcrow").exists()
    assert not os.path.lexists(machine.folder / "etc/systemd/system/multi-user.target.wants/pilcrow.service")
    assert "\npilcrow:" in (machine.folder / "etc/passwd").read_text()

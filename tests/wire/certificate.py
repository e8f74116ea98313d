"""Certificates that tests make for themselves."""

import subprocess


def make(folder, name="server", host="localhost"):
    """A self-signed certificate and its key: the paths of two PEM files, NAME.crt and NAME.key. A second call with
    the same name replaces both."""
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "30", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host},IP:127.0.0.1",
                    "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key

# A certificate authority of our own, and certificates for 127.0.0.1, good and bad.
import subprocess

OPENSSL_MAX_S = 60
NAMES = "subjectAltName=IP:127.0.0.1,DNS:localhost"


def openssl(*arguments, folder):
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=OPENSSL_MAX_S)
    assert done.returncode == 0, done.stderr


class Authority:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.root = folder / "root.pem"
        self._request("root", "/CN=Test authority", "-x509", "-days", "30", "-out", "root.pem")
        (folder / "names").write_text(NAMES)
        (folder / "index").write_text("")
        (folder / "serial").write_text("1000")
        (folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=a\n[a]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\n"
            "policy=p\nunique_subject=no\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\n" + NAMES + "\n")

    def make(self, name, start="20240101000000Z", end="20990101000000Z"):
        """A certificate and its key, as two paths."""
        self._request(name, "/CN=localhost", "-out", f"{name}.csr")
        openssl("ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", "root.pem", "-keyfile", "root.key",
                "-in", f"{name}.csr", "-out", f"{name}.pem", "-startdate", start, "-enddate", end,
                folder=self.folder)
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def lock(self, key):
        """The key behind a passphrase."""
        locked = key.with_suffix(".locked")
        openssl("pkcs8", "-topk8", "-in", str(key), "-out", str(locked), "-passout", "pass:secret",
                folder=self.folder)
        return locked

    def _request(self, name, subject, *rest):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                f"{name}.key", "-subj", subject, *rest, folder=self.folder)

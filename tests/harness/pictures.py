# Pictures made of nothing but code.
import struct
import zlib


def png(width, height, colour):
    """A PNG of one colour, its pixels salted so that it does not shrink to nothing."""
    rows = b"".join(
        b"\0" + b"".join(bytes((*colour[:2], (x * 31 + y * 17) % 256)) for x in range(width))
        for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b""))

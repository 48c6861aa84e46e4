"""The six digits an authenticator app shows: RFC 6238 with SHA-1 and 30 seconds."""

import base64
import hashlib
import hmac
import struct
import time


def six_digits(secret):
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"

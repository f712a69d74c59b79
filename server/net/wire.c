/* SPDX-License-Identifier: Apache-2.0
 * Bytes through a socket. The error queue of OpenSSL is emptied before each call, as it must be. */
#include "net/wire.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <sys/socket.h>

ssize_t wire_read(struct ssl_st *ssl, int fd, char *to, size_t len)
{
    if (!ssl) {
        ssize_t n = recv(fd, to, len, 0);
        return n > 0                               ? n
               : n == 0                            ? WIRE_ENDED
               : errno == EAGAIN || errno == EINTR ? 0
                                                   : WIRE_BROKEN;
    }
    ERR_clear_error();
    int n = SSL_read(ssl, to, (int)len);
    if (n > 0) {
        return n;
    }
    switch (SSL_get_error(ssl, n)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return 0;
    case SSL_ERROR_ZERO_RETURN:
        return WIRE_ENDED;
    default:
        return WIRE_BROKEN;
    }
}

ssize_t wire_write(struct ssl_st *ssl, int fd, const char *ptr, size_t len)
{
    if (!ssl) {
        ssize_t n = send(fd, ptr, len, MSG_NOSIGNAL);
        return n >= 0 ? n : errno == EAGAIN || errno == EINTR ? 0 : WIRE_BROKEN;
    }
    ERR_clear_error();
    int n = SSL_write(ssl, ptr, len > INT32_MAX ? INT32_MAX : (int)len);
    if (n > 0) {
        return n;
    }
    int error = SSL_get_error(ssl, n);
    return error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ ? 0 : WIRE_BROKEN;
}

bool wire_has_pending(const struct ssl_st *ssl)
{
    return ssl && SSL_has_pending(ssl) == 1;
}

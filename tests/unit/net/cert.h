/* SPDX-License-Identifier: Apache-2.0
 * Certificates for tests: a CA, a server certificate for localhost, a dealer's client certificate.
 */
#ifndef TESTS_UNIT_NET_CERT_H
#define TESTS_UNIT_NET_CERT_H

#include <stddef.h>

/** Write ca.pem, server.pem, server.key, client.pem, client.key (ECDSA P-256) into folder, made if
 *  missing. Ends the process when it cannot. */
void cert_make(const char *folder);

/** Make certificates and the settings a config needs to load with them.
 *  in: pairs - room for 12 texts of 300 bytes; list - room for 12   out: how many */
size_t cert_settings(const char *folder, char (*pairs)[300], char **list);

#endif

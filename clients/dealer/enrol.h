/* SPDX-License-Identifier: Apache-2.0
 * Enrolment: a new P-256 key that never leaves the folder, a signing request, the server's
 * certificate.
 *
 * The one-time code comes from the network's administrator (threat 34: 128 bits, short life). */
#ifndef CLIENTELE_DEALER_ENROL_H
#define CLIENTELE_DEALER_ENROL_H

#include "home.h"

/** Enrol with a one-time code and store key with certificate, CA and settings.
 *  in:     home  locked for change; server and exchange addresses set
 *          ca_path  CA that signed the server's certificate, or NULL for the system's store
 *  errors: EXIT_AWAY, EXIT_REFUSED - code used or expired, EXIT_DISK. An old enrolment stays until
 *          the new one is whole. */
MUST_CHECK bool enrol_with_code(home_t *home, const char *code, const char *ca_path,
                                fault_t *fault);

/** Days until the certificate ends; negative when it has ended. errors: EXIT_USAGE - no certificate
 */
MUST_CHECK bool enrol_days_left(const home_t *home, int *days, fault_t *fault);

#endif

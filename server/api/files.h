/* SPDX-License-Identifier: Apache-2.0
 * Uploaded files: kept under the SHA-256 of their contents in files_dir, sent back in pieces. File
 * work runs on the pool; a file is written once and never changed. */
#ifndef CLIENTELE_API_FILES_H
#define CLIENTELE_API_FILES_H

#include "api/request.h"

/** Give the spooled body its name files_dir/aa/<sha256>, durably.
 *  out:    STEP_NEXT with rq->upload_sha256 set; STEP_WAIT meanwhile
 *  errors: MISSING_FIELD (no body), UNAVAILABLE (disk) */
step_t files_keep_upload(request_t *rq);

/** Send the file that the finished call names: columns sha256, name, type.
 *  out:    STEP_WAIT while pieces are read, STEP_DONE at the end
 *  errors: NOT_FOUND (no row, or no such file), EVIDENCE_BROKEN (its bytes are not those of its
 * name) */
step_t files_send(request_t *rq);

#endif

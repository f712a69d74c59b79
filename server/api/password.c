/* SPDX-License-Identifier: Apache-2.0
 * Argon2id, off the loop. */
#include "api/password.h"

#include <argon2.h>
#include <openssl/rand.h>

#include "base/mem.h"

/* A string of the same cost for accounts that do not exist; its password is nobody's. */
#define DUMMY_PHC                                                                                  \
    "$argon2id$v=19$m=19456,t=2,p=1$Y2xpZW50ZWxlLWR1bW15IQ$"                                       \
    "i6jGyhbdmS0mHCsqHTAk1rqLUGq2hQ1VYkmvLbUnTwY"

typedef struct {
    work_t work;
    app_t *app;
    bool is_verify, is_good;
    size_t len;
    char password[PASSWORD_BYTES_MAX];
    char phc[PASSWORD_PHC_BYTES];
} hashing_t;

bool password_hash_now(str_t password, char phc[PASSWORD_PHC_BYTES])
{
    unsigned char salt[16];
    return RAND_bytes(salt, sizeof salt) == 1 &&
           argon2id_hash_encoded(PASSWORD_PASSES, PASSWORD_MEMORY_KIB, PASSWORD_LANES, password.ptr,
                                 password.len, salt, sizeof salt, 32, phc,
                                 PASSWORD_PHC_BYTES) == ARGON2_OK;
}

static void run(work_t *work)
{
    hashing_t *hashing = (hashing_t *)work;
    if (hashing->is_verify)
        hashing->is_good =
            argon2id_verify(hashing->phc, hashing->password, hashing->len) == ARGON2_OK;
    else
        hashing->is_good = password_hash_now(str_n(hashing->password, hashing->len), hashing->phc);
}

static void drop(work_t *work)
{
    hashing_t *hashing = (hashing_t *)work;
    hashing->app->hashing--;
    str_wipe(hashing->password, sizeof hashing->password);
}

bool password_reserve(request_t *rq)
{
    if (rq->work)
        return true;
    if (rq->app->hashing >= PASSWORD_UNDER_WAY_MAX)
        return false;
    hashing_t *hashing = MEM_NEW(hashing_t);
    hashing->work.run = run;
    hashing->work.drop = drop;
    hashing->app = rq->app;
    rq->app->hashing++;
    rq->work = &hashing->work;
    return true;
}

static step_t start(request_t *rq, str_t password, str_t phc, bool is_verify)
{
    if (!password_reserve(rq))
        return request_fail(rq, ERR_BUSY);
    if (password.len > PASSWORD_BYTES_MAX)
        password.len = PASSWORD_BYTES_MAX; /* refused when set, so it cannot be anybody's */
    hashing_t *hashing = (hashing_t *)rq->work;
    hashing->is_verify = is_verify;
    hashing->len = password.len;
    memcpy(hashing->password, password.ptr, password.len);
    if (phc.len < sizeof hashing->phc)
        memcpy(hashing->phc, phc.ptr, phc.len);
    return request_work(rq, &hashing->work);
}

step_t password_verify(request_t *rq, str_t password, str_t phc)
{
    return start(rq, password, phc.ptr ? phc : STR(DUMMY_PHC), true);
}

bool password_is_good(request_t *rq)
{
    bool is_good = ((hashing_t *)rq->work)->is_good;
    request_work_end(rq);
    return is_good;
}

step_t password_hash(request_t *rq, str_t password)
{
    return start(rq, password, STR(""), false);
}

const char *password_phc(request_t *rq)
{
    hashing_t *hashing = (hashing_t *)rq->work;
    const char *phc = hashing->is_good ? arena_copy(rq->arena, str_of(hashing->phc)).ptr : NULL;
    request_work_end(rq);
    return phc;
}

bool password_is_weak(str_t password, str_t login)
{
    if (password.len < PASSWORD_BYTES_MIN || password.len > PASSWORD_BYTES_MAX)
        return true;
    bool is_seen[256] = {false};
    unsigned different = 0;
    for (size_t i = 0; i < password.len; i++) {
        unsigned char c = (unsigned char)password.ptr[i];
        different += !is_seen[c];
        is_seen[c] = true;
    }
    static const char *const known[] = {"password",  "qwerty", "123456",
                                        "clientele", "пароль", "йцукен"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (password.len < 2 * strlen(known[i]) + 4 &&
            memmem(password.ptr, password.len, known[i], strlen(known[i])))
            return true;
    return different < 6 || str_eq_nocase(password, login);
}

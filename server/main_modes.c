/* SPDX-License-Identifier: Apache-2.0
 * The command line. */
#include "main_modes.h"

#include "api/app.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REASON_BYTES     8192
#define INPUT_MAX_BYTES  (16 * 1024 * 1024)
#define OUTPUT_MAX_BYTES (64 * 1024 * 1024)

#ifndef CLIENTELE_VERSION
#define CLIENTELE_VERSION "0.1.0"
#endif

const char *modes_version(void)
{
    return CLIENTELE_VERSION;
}

bool modes_parse(int argc, char **argv, modes_t *modes)
{
    static const struct {
        const char *name;
        run_mode_t mode;
    } names[] = {{"--help", MODE_HELP},
                 {"--version", MODE_VERSION},
                 {"--sample-config", MODE_SAMPLE},
                 {"--openapi", MODE_OPENAPI},
                 {"--hash-password", MODE_HASH_PASSWORD},
                 {"--encrypt-totp", MODE_ENCRYPT_TOTP}};
    *modes = (modes_t){.pairs = argv};
    for (int i = 1; i < argc; i++) {
        bool is_known = false;
        for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
            if (strcmp(argv[i], names[n].name) == 0) {
                modes->mode = names[n].mode;
                is_known = true;
            }
        }
        if (strcmp(argv[i], "--check") == 0) {
            modes->is_check = is_known = true;
        } else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
            modes->config_path = argv[++i];
            is_known = true;
        } else if (argv[i][0] != '-' && strchr(argv[i], '=')) {
            modes->pairs[modes->pair_count++] = argv[i]; /* argv is ours; earlier slots are read */
            is_known = true;
        } else if (argv[i][0] != '-' && modes->mode == MODE_ENCRYPT_TOTP) {
            modes->key_path = argv[i];
            is_known = true;
        }
        if (!is_known) {
            (void)fprintf(stderr, "clientele-server: unknown argument %s (see --help)\n", argv[i]);
            return false;
        }
    }
    return true;
}

bool modes_is_tool(const modes_t *modes)
{
    return modes->mode != MODE_SERVE;
}

static int print(const buf_t *text)
{
    return fwrite(text->ptr, 1, text->len, stdout) == text->len && fflush(stdout) == 0 ? 0 : 1;
}

static int fail(const char *reason)
{
    (void)fprintf(stderr, "clientele-server: %s\n", reason);
    return 1;
}

static bool read_input(buf_t *into)
{
    char *to = buf_reserve(into, 65536);
    while (to) {
        ssize_t n = read(STDIN_FILENO, to, 65536);
        if (n <= 0) {
            return n == 0;
        }
        into->len += (size_t)n;
        to = buf_reserve(into, 65536);
    }
    return false;
}

static int run_lines(const modes_t *modes)
{
    char reason[REASON_BYTES] = "";
    buf_t input = buf_make(INPUT_MAX_BYTES);
    buf_t output = buf_make(OUTPUT_MAX_BYTES);
    buf_t key = buf_make(4096);
    bool is_sealing = modes->mode == MODE_ENCRYPT_TOTP;
    if (!read_input(&input)) {
        return fail("the input cannot be read or is too long");
    }
    if (is_sealing && (!modes->key_path || !file_read(modes->key_path, &key))) {
        return fail("--encrypt-totp FILE: the key file cannot be read");
    }
    while (key.len > 0 && (key.ptr[key.len - 1] == '\n' || key.ptr[key.len - 1] == '\r')) {
        key.len--;
    }
    bool is_done =
        is_sealing ? app_seal_totp(buf_str(&input), buf_str(&key), &output, reason, sizeof reason)
                   : app_hash_passwords(buf_str(&input), &output, reason, sizeof reason);
    int status = is_done ? print(&output) : fail(reason);
    str_wipe(input.ptr, input.cap);
    str_wipe(key.ptr, key.cap);
    buf_free(&input);
    buf_free(&output);
    buf_free(&key);
    return status;
}

static int run_openapi(const modes_t *modes)
{
    char reason[REASON_BYTES] = "";
    buf_t output = buf_make(OUTPUT_MAX_BYTES);
    config_t *config = config_load(modes->config_path, modes->pairs, modes->pair_count, NULL,
                                   reason, sizeof reason);
    bool is_done = config && app_openapi(config, &output, reason, sizeof reason);
    int status = is_done ? print(&output) : fail(reason);
    buf_free(&output);
    config_drop(config);
    return status;
}

static int run_text(const modes_t *modes)
{
    buf_t text = buf_make(256 * 1024);
    if (modes->mode == MODE_VERSION) {
        (void)buf_addf(&text, "clientele-server %s\n", modes_version());
    } else if (modes->mode == MODE_SAMPLE) {
        config_write_sample(&text);
    } else {
        (void)BUF_ADD(
            &text,
            "clientele-server --config FILE [name=value ...]\n\n"
            "  --check            read settings, keys and the database's contract, then end\n"
            "  --sample-config    print a commented settings file\n"
            "  --openapi          print the OpenAPI description (needs the database)\n"
            "  --hash-password    read passwords, one a line; print Argon2id strings\n"
            "  --encrypt-totp F   read base32 secrets, one a line; print them sealed with "
            "the key in F\n"
            "  --version, --help\n\n"
            "SIGTERM finishes what is under way and ends; SIGHUP reads certificates and "
            "reloadable settings anew.\n\nSettings:\n");
        config_write_help(&text);
    }
    int status = print(&text);
    buf_free(&text);
    return status;
}

int modes_run(const modes_t *modes)
{
    switch (modes->mode) {
    case MODE_OPENAPI:
        return run_openapi(modes);
    case MODE_HASH_PASSWORD:
    case MODE_ENCRYPT_TOTP:
        return run_lines(modes);
    default:
        return run_text(modes);
    }
}

void modes_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t len = path ? strlen(path) : 0;
    if (len == 0 || len >= sizeof to.sun_path) {
        return;
    }
    memcpy(to.sun_path, path, len);
    if (to.sun_path[0] == '@') {
        to.sun_path[0] = '\0'; /* abstract name */
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        ssize_t sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to,
                              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
        (void)sent;
        (void)close(fd);
    }
}

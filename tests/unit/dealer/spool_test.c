/* SPDX-License-Identifier: Apache-2.0
 * The spool: clients/dealer/spool. What was synced survives a kill at any moment and a full disk.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "spool.h"

static fault_t fault;

static spool_t *opened(const char *path, uint64_t acked)
{
    fault = (fault_t){EXIT_FINE, ""};
    spool_t *spool = spool_open(path, acked, 0, false, &fault);
    if (!spool)
        fail_msg("%s", fault.text);
    return spool;
}

static void add(spool_t *spool, const char *text, uint64_t expected)
{
    uint64_t seq;
    assert_true(spool_append(spool, str_of(text), &seq, &fault));
    assert_int_equal(seq, expected);
}

/** Write count records "row N" and sync them. */
static void fill(spool_t *spool, uint64_t count)
{
    char text[32];
    uint64_t first = spool_last(spool) + 1;
    for (uint64_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "row %llu", (unsigned long long)(first + i));
        add(spool, text, first + i);
    }
    assert_true(spool_sync(spool, &fault));
}

/** Read all records behind a number, each of which must say its own number. out: how many */
static uint64_t count_sound(spool_t *spool, uint64_t after)
{
    spool_record_t record;
    char text[32];
    uint64_t count = 0;
    spool_seek(spool, after);
    while (spool_next(spool, &record, &fault)) {
        snprintf(text, sizeof text, "row %llu", (unsigned long long)record.seq);
        assert_true(str_eq(record.body, str_of(text)));
        assert_int_equal(record.seq, after + ++count);
    }
    assert_int_equal(fault.status, EXIT_FINE);
    return count;
}

static void records_come_back_in_order_after_reopening(void **state)
{
    const char *path = folder_path(state, "spool");
    char source[SPOOL_SOURCE_CHARS];
    spool_t *spool = opened(path, 0);
    snprintf(source, sizeof source, "%s", spool_source(spool));
    fill(spool, 1000);
    assert_int_equal(count_sound(spool, 0), 1000);
    spool_close(spool);
    spool = opened(path, 0);
    assert_string_equal(spool_source(spool), source);
    assert_int_equal(strlen(source), 36);
    assert_int_equal(count_sound(spool, 0), 1000);
    assert_int_equal(count_sound(spool, 255), 745);
    assert_int_equal(count_sound(spool, 256), 744);
    assert_int_equal(count_sound(spool, 999), 1);
    assert_int_equal(count_sound(spool, 1000), 0);
    fill(spool, 10);
    assert_int_equal(count_sound(spool, 500), 510);
    spool_close(spool);
}

static void records_not_synced_do_not_count(void **state)
{
    const char *path = folder_path(state, "spool");
    spool_t *spool = opened(path, 0);
    fill(spool, 3);
    add(spool, "row 4", 4);
    spool_close(spool);
    spool = opened(path, 0);
    assert_int_equal(count_sound(spool, 0), 3);
    add(spool, "row 4", 4);
    spool_close(spool);
}

static void a_tail_torn_at_any_byte_is_cut_and_the_rest_stays(void **state)
{
    const char *path = folder_path(state, "spool"), *torn = folder_path(state, "torn");
    char bytes[512];
    spool_t *spool = opened(path, 0);
    fill(spool, 5);
    spool_close(spool);
    FILE *file = fopen(path, "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    size_t record = 16 + 5;
    for (size_t len = 36; len < size; len++) {
        file = fopen(torn, "wb");
        fwrite(bytes, 1, len, file);
        fclose(file);
        spool = opened(torn, 0);
        uint64_t whole = (len - 36) / record;
        assert_int_equal(spool_torn_bytes(spool), (len - 36) % record);
        assert_int_equal(count_sound(spool, 0), whole);
        fill(spool, 2);
        assert_int_equal(count_sound(spool, 0), whole + 2);
        spool_close(spool);
    }
}

static void a_changed_byte_in_the_tail_is_found(void **state)
{
    const char *path = folder_path(state, "spool");
    spool_t *spool = opened(path, 0);
    fill(spool, 5);
    spool_close(spool);
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "X", 1, 36 + 3 * 21 + 17), 1);
    close(fd);
    spool = opened(path, 0);
    assert_int_equal(count_sound(spool, 0), 3);
    assert_int_equal(spool_torn_bytes(spool), 42);
    spool_close(spool);
}

static void damage_before_the_tail_is_refused_not_cut(void **state)
{
    const char *path = folder_path(state, "spool");
    struct stat before, after;
    spool_t *spool = opened(path, 0);
    fill(spool, 20000);
    spool_close(spool);
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "X", 1, 36 + 100), 1);
    close(fd);
    stat(path, &before);
    assert_null(spool_open(path, 0, 0, false, &fault));
    assert_int_equal(fault.status, EXIT_DISK);
    stat(path, &after);
    assert_int_equal(before.st_size, after.st_size);
}

static void what_is_known_to_be_safe_is_never_cut(void **state)
{
    const char *path = folder_path(state, "spool");
    const off_t sizes[] = {36 + 5 * 21, 36 + 2 * 21}; /* a changed byte; a shortened file */
    struct stat after;
    spool_t *spool = opened(path, 0);
    fill(spool, 5);
    spool_close(spool);
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "X", 1, 36 + 3 * 21 + 17), 1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ftruncate(fd, sizes[i]), 0);
        for (int is_read_only = 0; is_read_only < 2; is_read_only++) {
            fault = (fault_t){EXIT_FINE, ""};
            assert_null(spool_open(path, 0, 5, is_read_only, &fault));
            assert_int_equal(fault.status, EXIT_DISK);
        }
        assert_true(fstat(fd, &after) == 0 && after.st_size == sizes[i]);
    }
    close(fd);
}

static void a_bad_record_before_an_answered_one_is_damage(void **state)
{
    const char *path = folder_path(state, "spool");
    spool_t *spool = opened(path, 0);
    fill(spool, 5);
    spool_close(spool);
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "X", 1, 36 + 17), 1);
    close(fd);
    fault = (fault_t){EXIT_FINE, ""};
    assert_null(spool_open(path, 3, 0, false, &fault));
    assert_int_equal(fault.status, EXIT_DISK);
}

static void a_file_that_is_no_spool_is_refused(void **state)
{
    const char *path = folder_path(state, "spool");
    folder_write(path, "surname,given_name\nИванов,Иван\nПетров,Пётр\n");
    assert_null(spool_open(path, 0, 0, false, &fault));
    assert_int_equal(fault.status, EXIT_DISK);
}

/* Rows of an earlier or a later program are not taken for garbage, and not for ours. */
static void a_spool_of_another_version_is_refused_with_the_next_step_and_kept(void **state)
{
    static const struct {
        const char *head, *told;
    } heads[] = {
        {"CLSPOOL0", "of form 0"}, {"CLSPOOL2", "of form 2"}, {"CLSPOOL\x7f", "of form ?"}};
    const char *path = folder_path(state, "spool");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char text[100], kept[100] = "";
        snprintf(text, sizeof text, "%s and rows in a manner that this program does not know",
                 heads[i].head);
        folder_write(path, text);
        for (int is_read_only = 0; is_read_only < 2; is_read_only++) {
            fault = (fault_t){EXIT_FINE, ""};
            assert_null(spool_open(path, 0, 0, is_read_only, &fault));
            assert_int_equal(fault.status, EXIT_DISK);
            assert_non_null(strstr(fault.text, heads[i].told));
            assert_non_null(strstr(fault.text, "send its rows with the version that wrote it"));
        }
        FILE *file = fopen(path, "re");
        assert_non_null(file);
        assert_int_equal(fread(kept, 1, sizeof kept - 1, file), strlen(text));
        fclose(file);
        assert_string_equal(kept, text);
    }
}

static void numbers_never_fall_below_what_was_answered(void **state)
{
    const char *path = folder_path(state, "spool");
    spool_t *spool = opened(path, 41);
    add(spool, "row 42", 42);
    assert_true(spool_sync(spool, &fault));
    spool_close(spool);
    spool = opened(path, 50);
    add(spool, "row 51", 51);
    assert_true(spool_sync(spool, &fault));
    spool_close(spool);
    spool = opened(path, 0);
    spool_record_t record;
    spool_seek(spool, 42);
    assert_true(spool_next(spool, &record, &fault));
    assert_int_equal(record.seq, 51);
    spool_close(spool);
}

static void an_answered_spool_is_begun_anew_with_the_next_number(void **state)
{
    const char *path = folder_path(state, "spool");
    char source[SPOOL_SOURCE_CHARS];
    spool_t *spool = opened(path, 0);
    fill(spool, 100);
    snprintf(source, sizeof source, "%s", spool_source(spool));
    assert_true(spool_retire(spool, 99, 10, &fault));
    assert_int_equal(count_sound(spool, 0), 100);
    assert_true(spool_retire(spool, 100, 10, &fault));
    add(spool, "row 101", 101);
    assert_true(spool_sync(spool, &fault));
    spool_close(spool);
    spool = opened(path, 100);
    assert_string_equal(spool_source(spool), source);
    assert_int_equal(count_sound(spool, 100), 1);
    spool_close(spool);
}

static void a_full_disk_is_told_and_loses_nothing(void **state)
{
    const char *path = folder_path(state, "spool");
    char body[4096];
    uint64_t seq, synced = 0;
    spool_t *spool = opened(path, 0);
    struct rlimit limit, old;
    getrlimit(RLIMIT_FSIZE, &old);
    limit = (struct rlimit){100000, old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    memset(body, 'a', sizeof body);
    bool is_full = false;
    while (!is_full && synced < 1000) {
        is_full = !spool_append(spool, str_n(body, sizeof body), &seq, &fault) ||
                  !spool_sync(spool, &fault);
        synced += !is_full;
    }
    setrlimit(RLIMIT_FSIZE, &old);
    assert_true(is_full);
    assert_int_equal(fault.status, EXIT_DISK);
    assert_int_equal(synced, 24);
    spool_record_t record;
    uint64_t count = 0;
    fault.status = EXIT_FINE;
    spool_seek(spool, 0);
    while (spool_next(spool, &record, &fault))
        count++;
    assert_int_equal(count, synced);
    assert_true(spool_append(spool, str_n(body, 10), &seq, &fault));
    assert_int_equal(seq, synced + 1);
    assert_true(spool_sync(spool, &fault));
    spool_close(spool);
}

static void bodies_have_a_largest_size(void **state)
{
    uint64_t seq;
    static char body[SPOOL_BODY_BYTES + 1];
    memset(body, 'a', sizeof body);
    spool_t *spool = opened(folder_path(state, "spool"), 0);
    assert_false(spool_append(spool, str_n(body, sizeof body), &seq, &fault));
    assert_false(spool_append(spool, str_n(body, 0), &seq, &fault));
    assert_true(spool_append(spool, str_n(body, SPOOL_BODY_BYTES), &seq, &fault));
    assert_int_equal(seq, 1);
    spool_close(spool);
}

/** Append for ever, telling the parent each number that is safe. */
static void append_until_killed(const char *path, int tell)
{
    char text[32];
    spool_t *spool = spool_open(path, 0, 0, false, &fault);
    uint64_t seq = spool ? spool_last(spool) : 0;
    while (spool) {
        for (int i = 0; i < 7; i++) {
            snprintf(text, sizeof text, "row %llu", (unsigned long long)(seq + 1));
            if (!spool_append(spool, str_of(text), &seq, &fault))
                _exit(1);
        }
        if (!spool_sync(spool, &fault) || write(tell, &seq, sizeof seq) != sizeof seq)
            _exit(1);
    }
    _exit(1);
}

static void a_kill_at_any_moment_loses_nothing_that_was_synced(void **state)
{
    const char *path = folder_path(state, "spool");
    unsigned seed = (unsigned)getpid();
    print_message("seed %u\n", seed);
    srandom(seed);
    uint64_t safe = 0;
    for (int round = 0; round < 40; round++) {
        int ends[2], status;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0)
            append_until_killed(path, ends[1]);
        close(ends[1]);
        usleep((unsigned)(random() % 20000));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        uint64_t told;
        while (read(ends[0], &told, sizeof told) == sizeof told)
            safe = told;
        close(ends[0]);
        spool_t *spool = opened(path, 0);
        uint64_t found = count_sound(spool, 0);
        assert_true(found >= safe);
        safe = found;
        spool_close(spool);
    }
    assert_true(safe > 0);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(records_come_back_in_order_after_reopening),
        IN_FOLDER(records_not_synced_do_not_count),
        IN_FOLDER(a_tail_torn_at_any_byte_is_cut_and_the_rest_stays),
        IN_FOLDER(a_changed_byte_in_the_tail_is_found),
        IN_FOLDER(damage_before_the_tail_is_refused_not_cut),
        IN_FOLDER(what_is_known_to_be_safe_is_never_cut),
        IN_FOLDER(a_bad_record_before_an_answered_one_is_damage),
        IN_FOLDER(a_file_that_is_no_spool_is_refused),
        IN_FOLDER(a_spool_of_another_version_is_refused_with_the_next_step_and_kept),
        IN_FOLDER(numbers_never_fall_below_what_was_answered),
        IN_FOLDER(an_answered_spool_is_begun_anew_with_the_next_number),
        IN_FOLDER(a_full_disk_is_told_and_loses_nothing),
        IN_FOLDER(bodies_have_a_largest_size),
        IN_FOLDER(a_kill_at_any_moment_loses_nothing_that_was_synced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

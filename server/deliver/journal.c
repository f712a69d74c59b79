/* SPDX-License-Identifier: Apache-2.0
 * The wire journal. See journal.h. */
#include "deliver/journal.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/mem.h"

enum { BOOT_ID_BYTES = 36, NAME_BYTES = 16 };

/* The head of the file, one slot wide times four. */
typedef struct {
    char magic[16];
    char boot_id[BOOT_ID_BYTES + 4];
    char name[NAME_BYTES + 8];
    char spare[128 - 16 - BOOT_ID_BYTES - 4 - NAME_BYTES - 8];
} head_t;

typedef struct {
    head_t head;
    journal_slot_t slots[JOURNAL_SLOTS];
} file_t;

_Static_assert(sizeof(journal_slot_t) == 32, "a slot is 32 bytes");
_Static_assert(sizeof(head_t) == 128, "the head is four slots");

static const char magic[16] = "clientele wire1";

struct journal {
    int fd;
    file_t *file;
    unsigned next; /* where to look for a free slot */
    unsigned used;
};

/* Identity of this boot of the machine; empty when the system has none. */
static void read_boot_id(char out[BOOT_ID_BYTES + 4])
{
    memset(out, 0, BOOT_ID_BYTES + 4);
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (read(fd, out, BOOT_ID_BYTES) != BOOT_ID_BYTES) {
            memset(out, 0, BOOT_ID_BYTES + 4);
        }
        (void)close(fd);
    }
}

static bool is_sound(const file_t *file, const char *boot_id)
{
    if (memcmp(file->head.boot_id, boot_id, BOOT_ID_BYTES) != 0 || boot_id[0] == '\0') {
        return false;
    }
    for (unsigned i = 0; i < JOURNAL_SLOTS; i++) {
        if (atomic_load(&file->slots[i].phase) >= JOURNAL_PHASES) {
            return false;
        }
    }
    return true;
}

/* Empty the slots; the name stays when there is one. */
static void begin(file_t *file, const char boot_id[BOOT_ID_BYTES + 4])
{
    unsigned char random[NAME_BYTES / 2];
    bool has_name = memcmp(file->head.magic, magic, sizeof magic) == 0 &&
                    strspn(file->head.name, "0123456789abcdef") == NAME_BYTES;
    memset(file->slots, 0, sizeof file->slots);
    if (!has_name) {
        memset(&file->head, 0, sizeof file->head);
        CHECK(RAND_bytes(random, sizeof random) == 1);
        str_to_hex(random, sizeof random, file->head.name);
    }
    memcpy(file->head.boot_id, boot_id, BOOT_ID_BYTES + 4);
    memcpy(file->head.magic, magic, sizeof magic);
}

/* Open the file at its full size and lock it. out: -1 with *flaw set */
static int open_locked(const char *folder, const char **flaw)
{
    char path[4200];
    int length = snprintf(path, sizeof path, "%s/wire.journal", folder);
    if (length < 0 || (size_t)length >= sizeof path) {
        *flaw = "journal_dir: the path is too long";
        return -1;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        *flaw = "journal_dir: wire.journal cannot be opened";
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        *flaw = "journal_dir: another process holds wire.journal";
    } else if (ftruncate(fd, sizeof(file_t)) != 0 || posix_fallocate(fd, 0, sizeof(file_t)) != 0) {
        *flaw = "journal_dir: no room for wire.journal";
    } else {
        return fd;
    }
    (void)close(fd);
    return -1;
}

journal_t *journal_open(const char *folder, bool *is_whole, const char **flaw)
{
    char boot_id[BOOT_ID_BYTES + 4];
    int fd = open_locked(folder, flaw);
    if (fd < 0) {
        return NULL;
    }
    file_t *file = mmap(NULL, sizeof(file_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (file == MAP_FAILED) {
        *flaw = "journal_dir: wire.journal cannot be mapped";
        (void)close(fd);
        return NULL;
    }
    read_boot_id(boot_id);
    *is_whole = is_sound(file, boot_id);
    *is_whole = *is_whole && memcmp(file->head.magic, magic, sizeof magic) == 0;
    if (!*is_whole) {
        begin(file, boot_id);
    }
    journal_t *journal = MEM_NEW(journal_t);
    journal->fd = fd;
    journal->file = file;
    for (unsigned i = 0; i < JOURNAL_SLOTS; i++) {
        journal->used += atomic_load(&file->slots[i].phase) != JOURNAL_FREE;
    }
    return journal;
}

const char *journal_name(const journal_t *journal)
{
    return journal->file->head.name;
}

void journal_close(journal_t *journal)
{
    if (journal != NULL) {
        (void)munmap(journal->file, sizeof(file_t));
        (void)close(journal->fd);
        mem_free(journal);
    }
}

const journal_slot_t *journal_at(const journal_t *journal, unsigned index)
{
    return &journal->file->slots[index];
}

int journal_take(journal_t *journal, int64_t outbox_id, int64_t epoch)
{
    for (unsigned i = 0; i < JOURNAL_SLOTS; i++) {
        unsigned index = (journal->next + i) % JOURNAL_SLOTS;
        journal_slot_t *slot = &journal->file->slots[index];
        if (atomic_load(&slot->phase) == JOURNAL_FREE) {
            slot->outbox_id = outbox_id;
            slot->epoch = epoch;
            slot->code = 0;
            atomic_store(&slot->phase, (uint32_t)JOURNAL_LEASED);
            journal->next = index + 1;
            journal->used++;
            return (int)index;
        }
    }
    return -1;
}

void journal_set(journal_t *journal, int slot, journal_phase_t phase, int code)
{
    if (slot >= 0) {
        journal->file->slots[slot].code = code;
        atomic_store(&journal->file->slots[slot].phase, (uint32_t)phase);
    }
}

void journal_free_slot(journal_t *journal, int slot)
{
    if (slot >= 0 && atomic_load(&journal->file->slots[slot].phase) != JOURNAL_FREE) {
        atomic_store(&journal->file->slots[slot].phase, (uint32_t)JOURNAL_FREE);
        journal->used--;
    }
}

unsigned journal_used(const journal_t *journal)
{
    return journal->used;
}

/* SPDX-License-Identifier: Apache-2.0
 * Broken and hostile workbooks, by a table: what each archive is told, in the form of
 * broken_test.c. The archives are made here, one lie each, so that what is wrong can be read.
 * source: APPNOTE.TXT 4.3 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "archive.h"
#include "intake/table.h"
#include "scratch.h"

#define BOOK                                                                                       \
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" "                             \
    "r:id=\"rId1\"/></sheets></workbook>"
#define RELATIONS(target)                                                                          \
    "<Relationships><Relationship Id=\"rId1\" Target=\"" target "\"/></Relationships>"
#define CELL(text) "<c t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define ROW(a, b)  "<row>" CELL(a) CELL(b) "</row>"
#define SHEET      "<worksheet><sheetData>" ROW("a", "b") ROW("1", "2") "</sheetData></worksheet>"
#define SHEET_NAME "xl/worksheets/sheet1.xml"

enum { MEMBER_BOOK, MEMBER_RELATIONS, MEMBER_SHEET };

/* The members of a workbook whose directory is not there yet. */
static void add_parts(archive_t *archive, str_t relations, str_t sheet, bool is_packed)
{
    archive_add(archive, "xl/workbook.xml", STR(BOOK), is_packed);
    archive_add(archive, "xl/_rels/workbook.xml.rels", relations, is_packed);
    archive_add(archive, SHEET_NAME, sheet, is_packed);
}

static void add_book(archive_t *archive)
{
    add_parts(archive, STR(RELATIONS("worksheets/sheet1.xml")), STR(SHEET), true);
}

static void whole(archive_t *archive)
{
    add_book(archive);
    archive_finish(archive);
}

static void stored(archive_t *archive)
{
    add_parts(archive, STR(RELATIONS("worksheets/sheet1.xml")), STR(SHEET), false);
    archive_finish(archive);
}

static void cut_in_end(archive_t *archive)
{
    whole(archive);
    archive->bytes.len -= 1;
}

static void cut_in_directory(archive_t *archive)
{
    whole(archive);
    archive->bytes.len -= ARCHIVE_END_BYTES + 10;
}

static void cut_in_member(archive_t *archive)
{
    whole(archive);
    archive->bytes.len = archive->locals[MEMBER_SHEET] + 60;
}

/* The download lost its middle: what stands behind has moved. */
static void lost_middle(archive_t *archive)
{
    whole(archive);
    char *at = archive_local(archive, MEMBER_SHEET);
    size_t behind = archive->bytes.len - archive->locals[MEMBER_SHEET] - 40;
    memmove(at, at + 40, behind);
    archive->bytes.len -= 40;
}

static void comment_behind(archive_t *archive)
{
    whole(archive);
    archive_set(archive_end(archive) + 20, 5, 2);
    assert_true(buf_add_str(&archive->bytes, STR("hello")));
}

static void bytes_behind(archive_t *archive)
{
    whole(archive);
    for (int i = 0; i < 70000; i++) {
        assert_true(buf_add_c(&archive->bytes, 'x'));
    }
}

static void too_many(archive_t *archive)
{
    add_book(archive);
    for (int i = 0; i < 4097; i++) {
        archive_add(archive, "x", STR(""), false);
    }
    archive_finish(archive);
}

static void twice(archive_t *archive)
{
    add_book(archive);
    archive_add(archive, SHEET_NAME,
                STR("<worksheet><sheetData>" ROW("x", "y") "</sheetData></worksheet>"), true);
    archive_finish(archive);
}

static void twice_by_case(archive_t *archive)
{
    add_book(archive);
    archive_add(archive, "XL/WORKBOOK.XML", STR(BOOK), true);
    archive_finish(archive);
}

/* Windows and Unix programs disagree which of them is read. */
static void twice_by_slash(archive_t *archive)
{
    add_book(archive);
    archive_add(archive, "/" SHEET_NAME, STR(SHEET), true);
    archive_finish(archive);
}

static void other_name_locally(archive_t *archive)
{
    add_book(archive);
    memcpy(archive_local(archive, MEMBER_SHEET) + 30, "xl/worksheets/sheet9.xml", 24);
    archive_finish(archive);
}

static void absolute_name(archive_t *archive)
{
    archive_add(archive, "/xl/workbook.xml", STR(BOOK), true);
    archive_add(archive, "/xl/_rels/workbook.xml.rels", STR(RELATIONS("worksheets/sheet1.xml")),
                true);
    archive_add(archive, "/" SHEET_NAME, STR(SHEET), true);
    archive_finish(archive);
}

static void absolute_target(archive_t *archive)
{
    add_parts(archive, STR(RELATIONS("/xl/worksheets/sheet1.xml")), STR(SHEET), true);
    archive_finish(archive);
}

static void target_outside(archive_t *archive)
{
    add_parts(archive, STR(RELATIONS("../../../../etc/passwd")), STR(SHEET), true);
    archive_finish(archive);
}

static void absolute_target_outside(archive_t *archive)
{
    add_parts(archive, STR(RELATIONS("/etc/passwd")), STR(SHEET), true);
    archive_finish(archive);
}

static void evil_member(archive_t *archive)
{
    add_book(archive);
    archive_add(archive, "../../../../tmp/evil", STR("never written"), false);
    archive_finish(archive);
}

static void no_book(archive_t *archive)
{
    archive_add(archive, "readme.txt", STR("a;b\n1;2\n"), true);
    archive_finish(archive);
}

static void nothing_inside(archive_t *archive)
{
    archive_finish(archive);
}

static void entity_bomb(archive_t *archive)
{
    archive_add(archive, "xl/workbook.xml",
                STR("<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>" BOOK),
                true);
    archive_finish(archive);
}

static void broken_sheet(archive_t *archive)
{
    add_parts(archive, STR(RELATIONS("worksheets/sheet1.xml")),
              STR("<worksheet><sheetData>" ROW("a", "b") "<row><c>"), true);
    archive_finish(archive);
}

/* Spaces by the hundred million between two rows, and one cell as large. */
static void bomb_of(archive_t *archive, const char *head, const char *tail)
{
    enum { BOMB_BYTES = 160 << 20 };
    str_t begin = str_of(head), end = str_of(tail);
    char *plain = malloc(BOMB_BYTES);
    assert_non_null(plain);
    memset(plain, ' ', BOMB_BYTES);
    memcpy(plain, begin.ptr, begin.len);
    memcpy(plain + BOMB_BYTES - end.len, end.ptr, end.len);
    add_parts(archive, STR(RELATIONS("worksheets/sheet1.xml")), str_n(plain, BOMB_BYTES), true);
    archive_finish(archive);
    free(plain);
}

static void bomb(archive_t *archive)
{
    bomb_of(archive, "<worksheet><sheetData>" ROW("a", "b") ROW("1", "2"),
            ROW("3", "4") "</sheetData></worksheet>");
}

static void bomb_in_cell(archive_t *archive)
{
    bomb_of(archive,
            "<worksheet><sheetData>" ROW("a", "b") "<row><c t=\"inlineStr\"><is><t "
                                                   "xml:space=\"preserve\">",
            "</t></is></c></row></sheetData></worksheet>");
}

/* What the reader says of the file: "1:a|b; 2!cell-too-long; end: zip-broken". */
static void tell(buf_t *told)
{
    table_row_t row;
    const char *flaw = NULL;
    buf_reset(told);
    table_t *table = table_open(path, NULL, &flaw);
    while (table != NULL && table_next(table, &row)) {
        (void)buf_addf(told, "%d%s%s", row.line, row.flaw == NULL ? ":" : "!",
                       row.flaw == NULL ? "" : row.flaw);
        for (unsigned i = 0; row.flaw == NULL && i < row.count; i++) {
            (void)buf_addf(told, "%s%.*s", i == 0 ? "" : "|", (int)row.cells[i].len,
                           row.cells[i].ptr);
        }
        BUF_ADD(told, "; ");
    }
    if (table == NULL) {
        (void)buf_addf(told, "no: %s", flaw);
    } else {
        flaw = table_flaw(table);
        (void)buf_addf(told, flaw == NULL ? "end" : "end: %s", flaw);
    }
    assert_true(buf_add_c(told, '\0'));
    table_close(table);
}

static const struct {
    const char *what;
    void (*make)(archive_t *archive);
    const char *told;
} archives[] = {
    {"whole", whole, "1:a|b; 2:1|2; end"},
    {"stored and not packed", stored, "1:a|b; 2:1|2; end"},
    {"a comment behind", comment_behind, "1:a|b; 2:1|2; end"},
    {"cut in its last record", cut_in_end, "no: zip-broken"},
    {"cut in its directory", cut_in_directory, "no: zip-broken"},
    {"cut in a member", cut_in_member, "no: zip-broken"},
    {"without its middle", lost_middle, "no: zip-broken"},
    {"too many bytes behind", bytes_behind, "no: zip-broken"},
    {"4100 members", too_many, "no: zip-too-many"},
    {"two sheets of one name", twice, "no: zip-broken"},
    {"two books, by the case", twice_by_case, "no: zip-broken"},
    {"two sheets, by a slash", twice_by_slash, "no: zip-broken"},
    {"another name at the member than in the directory", other_name_locally, "no: zip-broken"},
    {"absolute names", absolute_name, "no: not-table"},
    {"an absolute target", absolute_target, "1:a|b; 2:1|2; end"},
    {"a target outside", target_outside, "no: not-table"},
    {"an absolute target outside", absolute_target_outside, "no: not-table"},
    {"a member that would climb out", evil_member, "1:a|b; 2:1|2; end"},
    {"no workbook", no_book, "no: not-table"},
    {"no member", nothing_inside, "no: not-text"},
    {"entities in the book", entity_bomb, "no: xml-doctype"},
    {"a sheet cut in its XML", broken_sheet, "1:a|b; end: xml-broken"},
    {"a bomb between rows", bomb, "1:a|b; 2:1|2; end: zip-bomb"},
    {"a bomb in a cell", bomb_in_cell, "1:a|b; end: zip-bomb"},
};

/* One number of a whole workbook that lies. */
static const struct {
    const char *what;
    enum { AT_ENTRY, AT_LOCAL, AT_END } place;
    unsigned member, offset, bytes;
    uint64_t value;
    const char *told;
} numbers[] = {
    {"a wrong sum of the sheet", AT_ENTRY, MEMBER_SHEET, 16, 4, 0xDEADBEEF, "no: zip-broken"},
    {"a wrong sum of the book", AT_ENTRY, MEMBER_BOOK, 16, 4, 0xDEADBEEF, "no: zip-broken"},
    {"encrypted", AT_ENTRY, MEMBER_SHEET, 8, 2, 1, "no: zip-encrypted"},
    {"encrypted, by the member alone", AT_LOCAL, MEMBER_SHEET, 6, 2, 1, "no: zip-broken"},
    {"packed by bzip2", AT_ENTRY, MEMBER_SHEET, 10, 2, 12, "no: zip-broken"},
    {"4 GB declared", AT_ENTRY, MEMBER_SHEET, 24, 4, 0xFFFFFFF0, "no: zip-broken"},
    {"3 bytes declared", AT_ENTRY, MEMBER_SHEET, 24, 4, 3, "no: zip-broken"},
    {"4 GB packed", AT_ENTRY, MEMBER_SHEET, 20, 4, 0xFFFFFFF0, "no: zip-broken"},
    {"20 bytes packed", AT_ENTRY, MEMBER_SHEET, 20, 4, 20, "no: zip-broken"},
    {"a member beyond the end", AT_ENTRY, MEMBER_SHEET, 42, 4, 0xFFFFFF00, "no: zip-broken"},
    {"a name beyond the directory", AT_ENTRY, MEMBER_SHEET, 28, 2, 0xFFFF, "no: zip-broken"},
    {"a directory beyond the end", AT_END, 0, 16, 4, 0x7FFFFFFF, "no: zip-broken"},
    {"a directory of 2 GB", AT_END, 0, 12, 4, 0x7FFFFFFF, "no: zip-broken"},
    {"one member more told than there are", AT_END, 0, 10, 2, 4, "no: zip-broken"},
};

/* Ask the reader about an archive, which is freed. out: whether it answers as it must */
static bool is_told(archive_t *archive, const char *what, const char *wanted)
{
    struct rusage before, after;
    buf_t told = buf_make(1 << 20);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(archive->bytes.ptr, 1, archive->bytes.len, file), archive->bytes.len);
    (void)fclose(file);
    buf_free(&archive->bytes);
    buf_free(&archive->directory);
    free(archive);
    (void)getrusage(RUSAGE_SELF, &before);
    tell(&told);
    (void)getrusage(RUSAGE_SELF, &after);
    bool is_same = strcmp(told.ptr, wanted) == 0;
    if (!is_same) {
        print_error("%s: \"%s\" and not \"%s\"\n", what, told.ptr, wanted);
    }
    assert_true(after.ru_maxrss - before.ru_maxrss < 32 << 10); /* KiB: whatever it declares */
    buf_free(&told);
    return is_same;
}

static archive_t *make_archive(void)
{
    archive_t *archive = calloc(1, sizeof *archive);
    assert_non_null(archive);
    archive->bytes = buf_make(8 << 20);
    archive->directory = buf_make(4 << 20);
    return archive;
}

static void each_archive_is_told_what_is_wrong(void **state)
{
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof archives / sizeof *archives; i++) {
        archive_t *archive = make_archive();
        archives[i].make(archive);
        wrong += !is_told(archive, archives[i].what, archives[i].told);
    }
    assert_int_equal(wrong, 0);
}

static void no_number_of_an_archive_is_believed(void **state)
{
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        archive_t *archive = make_archive();
        add_book(archive);
        if (numbers[i].place != AT_END) {
            char *at = numbers[i].place == AT_ENTRY ? archive_entry(archive, numbers[i].member)
                                                    : archive_local(archive, numbers[i].member);
            archive_set(at + numbers[i].offset, numbers[i].value, numbers[i].bytes);
        }
        archive_finish(archive);
        if (numbers[i].place == AT_END) {
            archive_set(archive_end(archive) + numbers[i].offset, numbers[i].value,
                        numbers[i].bytes);
        }
        wrong += !is_told(archive, numbers[i].what, numbers[i].told);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_archive_is_told_what_is_wrong),
        cmocka_unit_test(no_number_of_an_archive_is_believed),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}

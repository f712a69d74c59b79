/* SPDX-License-Identifier: Apache-2.0 */
#include "result.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "link.h"

/** Write one cell of the result; the words come from the server and hold no separators as a rule.
 */
static void write_cell(FILE *out, const json_t *answer, const char *member, char end)
{
    const char *text = json_string_value(json_object_get(answer, member));
    fputc('"', out);
    for (; text && *text; text++) {
        if (*text == '"')
            fputc('"', out);
        if ((unsigned char)*text >= 0x20)
            fputc(*text, out);
    }
    fputc('"', out);
    fputc(end, out);
}

/** The refusal of errors.def that a row met: an error by its SQLSTATE, a verdict by what it
 * refuses. out: ERR_OK for a row that was taken */
static err_code_t refusal_of(const json_t *answer)
{
    static const struct {
        const char *verdict;
        err_code_t code;
    } refusing[] = {{"PROTECTED", ERR_CONFLICT},  {"IN_GRACE", ERR_CONFLICT},
                    {"DISPUTED", ERR_CONFLICT},   {"HQ", ERR_CONFLICT},
                    {"OPTED_OUT", ERR_OPTED_OUT}, {"draft", ERR_MISSING_FIELD}};
    const char *verdict = json_string_value(json_object_get(answer, "verdict"));
    const char *code = json_string_value(json_object_get(answer, "code"));
    for (size_t i = 0; verdict && i < sizeof refusing / sizeof refusing[0]; i++)
        if (strcmp(verdict, refusing[i].verdict) == 0)
            return refusing[i].code;
    if (!verdict || strcmp(verdict, "error") != 0)
        return ERR_OK;
    err_code_t found = code ? err_from_sqlstate(code) : ERR_OK;
    return found != ERR_OK
               ? found
               : ERR_BAD_FIELD; /* the database's own words for a value it does not take */
}

/** Rule and next step of a row that was refused (R162): as the server said, else as the table does.
 * out: object, the caller's; empty for a row that was taken */
static json_t *refused_of(const json_t *answer)
{
    json_t *made = json_object();
    err_code_t code = refusal_of(answer);
    const char *rule = json_string_value(json_object_get(answer, "rule"));
    const char *next = json_string_value(json_object_get(answer, "next"));
    if (code != ERR_OK) {
        rule = rule && rule[0] ? rule : err_info(code)->rule;
        next = next && next[0] ? next : err_info(code)->next[link_lang()];
    }
    if (rule)
        json_object_set_new(made, "rule", json_string(rule));
    if (next)
        json_object_set_new(made, "next", json_string(next));
    return made;
}

static void write_row(FILE *out, const json_t *body, uint64_t seq, const json_t *answer)
{
    fprintf(out, "%lld,%llu,", (long long)json_integer_value(json_object_get(body, "line")),
            (unsigned long long)seq);
    if (!answer) {
        fputs("waiting,,,,,,,", out);
        write_cell(out, body, "kind", ',');
        write_cell(out, body, "id", '\n');
        return;
    }
    json_t *refused = refused_of(answer);
    write_cell(out, answer, "verdict", ',');
    write_cell(out, answer, "code", ',');
    write_cell(out, answer, "receipt", ',');
    write_cell(out, refused, "rule", ',');
    write_cell(out, answer, "field", ',');
    write_cell(out, refused, "next", ',');
    write_cell(out, answer, "area", ',');
    write_cell(out, body, "kind", ',');
    write_cell(out, body, "id", '\n');
    json_decref(refused);
}

/** Number of an answer; 0 for none. */
static uint64_t answer_seq(const json_t *answer)
{
    return (uint64_t)json_integer_value(json_object_get(answer, "seq"));
}

/** Write the rows of the file; both readers ascend by number, so one pass joins them. */
static void write_rows(FILE *out, spool_t *spool, verdicts_t *verdicts, const char *file_id,
                       uint64_t *waiting, fault_t *fault)
{
    spool_record_t record;
    json_t *answer = verdicts_next(verdicts);
    while (spool_next(spool, &record, fault)) {
        while (answer && answer_seq(answer) < record.seq) {
            json_decref(answer);
            answer = verdicts_next(verdicts);
        }
        json_t *body = json_loadb(record.body.ptr, record.body.len, 0, NULL);
        const char *file = json_string_value(json_object_get(body, "file"));
        if (file && strcmp(file, file_id) == 0) {
            bool is_answered = answer_seq(answer) == record.seq;
            write_row(out, body, record.seq, is_answered ? answer : NULL);
            *waiting += !is_answered;
        }
        json_decref(body);
    }
    json_decref(answer);
}

bool result_write(spool_t *spool, verdicts_t *verdicts, const char *file_id, const char *path,
                  uint64_t *waiting, fault_t *fault)
{
    FILE *out = fopen(path, "we");
    if (!out)
        return fault_set(fault, EXIT_DISK, "cannot write %s: %s", path, strerror(errno));
    fputs("line,seq,verdict,code,receipt,rule,field,next,area,kind,id\n", out);
    *waiting = 0;
    fault->status = EXIT_FINE;
    spool_seek(spool, 0);
    verdicts_rewind(verdicts);
    write_rows(out, spool, verdicts, file_id, waiting, fault);
    bool is_written = fflush(out) == 0 && !ferror(out);
    if (fclose(out) != 0 || !is_written)
        return fault_set(fault, EXIT_DISK, "cannot write %s: %s", path, strerror(errno));
    return fault->status == EXIT_FINE;
}

/* SPDX-License-Identifier: Apache-2.0
 * SMTP replies out of bytes. See reply.h. */
#include "deliver/reply.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Code of a line "250-text" or "250 text" or "250". out: -1 when it is none */
static int line_code(str_t line, bool *is_last)
{
    if (line.len < 3 || line.ptr[0] < '2' || line.ptr[0] > '5' || !is_digit(line.ptr[1]) ||
        !is_digit(line.ptr[2])) {
        return -1;
    }
    if (line.len > 3 && line.ptr[3] != '-' && line.ptr[3] != ' ') {
        return -1;
    }
    *is_last = line.len == 3 || line.ptr[3] == ' ';
    return (line.ptr[0] - '0') * 100 + (line.ptr[1] - '0') * 10 + (line.ptr[2] - '0');
}

static str_t without_cr(str_t line)
{
    return line.len > 0 && line.ptr[line.len - 1] == '\r' ? str_n(line.ptr, line.len - 1) : line;
}

int reply_parse(str_t bytes, reply_t *reply)
{
    size_t at = 0;
    int code = 0;
    for (int lines = 0; lines < REPLY_LINES_MAX; lines++) {
        str_t rest = str_skip(bytes, at);
        size_t length = str_find(rest, '\n');
        bool is_last = false;
        if (length > REPLY_LINE_MAX) {
            return -1;
        }
        if (length == rest.len) {
            return 0;
        }
        str_t line = without_cr(str_n(rest.ptr, length));
        int line_is = line_code(line, &is_last);
        if (line_is < 0 || (lines > 0 && line_is != code)) {
            return -1;
        }
        code = line_is;
        at += length + 1;
        if (is_last) {
            str_t whole = without_cr(str_n(bytes.ptr, at - 1));
            *reply = (reply_t){code, str_skip(whole, 4), at};
            return 1;
        }
    }
    return -1;
}

bool reply_line(str_t *rest, str_t *line)
{
    str_t piece;
    if (!str_split(rest, '\n', &piece)) {
        return false;
    }
    *line = without_cr(piece);
    if (rest->ptr != NULL) {
        *rest = str_skip(*rest, 4); /* code and dash of the next line */
    }
    return true;
}

str_t reply_status(str_t text)
{
    size_t length = 0;
    int dots = 0;
    while (length < text.len && length < 11 &&
           (is_digit(text.ptr[length]) || text.ptr[length] == '.')) {
        dots += text.ptr[length] == '.';
        length++;
    }
    bool is_status = dots == 2 && length >= 5 && text.ptr[1] == '.' &&
                     (text.ptr[0] == '2' || text.ptr[0] == '4' || text.ptr[0] == '5');
    return is_status ? str_n(text.ptr, length) : STR("");
}

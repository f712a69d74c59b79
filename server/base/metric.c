/* SPDX-License-Identifier: Apache-2.0
 * Series in one table; per-thread shards of plain counters, summed by the reader. */
#include "base/metric.h"
#include "base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

typedef enum { FORM_PLAIN, FORM_BUCKET, FORM_SUM, FORM_COUNT } form_t;

typedef struct {
    metric_kind_t kind;
    form_t form;
    const char *name;
    const char *labels;
    const char *help;
    int64_t bound_us; /* FORM_BUCKET: upper bound, INT64_MAX for +Inf */
} series_t;

typedef struct {
    _Atomic int64_t values[METRIC_MAX];
} shard_t;

static const int64_t bounds_us[] = {1000,   2000,   5000,    10000,   20000,   50000,    100000,
                                    200000, 500000, 1000000, 2000000, 5000000, 10000000, INT64_MAX};
#define BOUND_COUNT (sizeof bounds_us / sizeof bounds_us[0])

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static series_t series[METRIC_MAX];
static size_t series_count;
static shard_t *shards[METRIC_SHARDS];
static size_t shard_count;
static _Thread_local shard_t *own_shard;

static metric_t find_or_add(series_t row)
{
    for (size_t i = 0; i < series_count; i++) {
        if (series[i].form == row.form && series[i].bound_us == row.bound_us &&
            strcmp(series[i].name, row.name) == 0 && strcmp(series[i].labels, row.labels) == 0) {
            return (metric_t)i;
        }
    }
    assert(series_count < METRIC_MAX);
    row.labels = mem_copy(row.labels, strlen(row.labels)); /* for the life of the process */
    series[series_count] = row;
    return (metric_t)series_count++;
}

metric_t metric_register(metric_kind_t kind, const char *name, const char *labels, const char *help)
{
    pthread_mutex_lock(&lock);
    metric_t id = find_or_add((series_t){kind, FORM_PLAIN, name, labels, help, 0});
    pthread_mutex_unlock(&lock);
    return id;
}

metric_t metric_histogram(const char *name, const char *labels, const char *help)
{
    pthread_mutex_lock(&lock);
    metric_t first = 0;
    for (size_t i = 0; i < BOUND_COUNT; i++) {
        series_t row = {METRIC_COUNTER, FORM_BUCKET, name, labels, help, bounds_us[i]};
        metric_t id = find_or_add(row);
        first = i == 0 ? id : first;
    }
    (void)find_or_add((series_t){METRIC_COUNTER, FORM_SUM, name, labels, help, 0});
    (void)find_or_add((series_t){METRIC_COUNTER, FORM_COUNT, name, labels, help, 0});
    pthread_mutex_unlock(&lock);
    return first;
}

static shard_t *shard_get(void)
{
    if (!own_shard) {
        pthread_mutex_lock(&lock);
        assert(shard_count < METRIC_SHARDS);
        own_shard = MEM_NEW(shard_t);
        shards[shard_count++] = own_shard;
        pthread_mutex_unlock(&lock);
    }
    return own_shard;
}

void metric_add(metric_t metric, int64_t amount)
{
    _Atomic int64_t *value = &shard_get()->values[metric];
    /* Only this thread writes the shard, so a load and a store suffice. */
    int64_t old = atomic_load_explicit(value, memory_order_relaxed);
    atomic_store_explicit(value, old + amount, memory_order_relaxed);
}

void metric_observe_us(metric_t first, int64_t duration_us)
{
    size_t i = 0;
    while (duration_us > bounds_us[i]) {
        i++;
    }
    metric_add((metric_t)(first + i), 1);
    metric_add((metric_t)(first + BOUND_COUNT), duration_us);
    metric_add((metric_t)(first + BOUND_COUNT + 1), 1);
}

int64_t metric_value(metric_t metric)
{
    pthread_mutex_lock(&lock);
    int64_t sum = 0;
    for (size_t i = 0; i < shard_count; i++) {
        sum += atomic_load_explicit(&shards[i]->values[metric], memory_order_relaxed);
    }
    pthread_mutex_unlock(&lock);
    return sum;
}

static void write_row(buf_t *out, const series_t *row, int64_t value)
{
    static const char *const suffixes[] = {"", "_bucket", "_sum", "_count"};
    bool has_labels = row->labels[0] != '\0' || row->form == FORM_BUCKET;
    (void)buf_addf(out, "clientele_%s%s", row->name, suffixes[row->form]);
    if (has_labels) {
        (void)buf_addf(out, "{%s", row->labels);
    }
    if (row->form == FORM_BUCKET) {
        (void)buf_addf(out, "%sle=\"", row->labels[0] != '\0' ? "," : "");
        if (row->bound_us == INT64_MAX) {
            (void)BUF_ADD(out, "+Inf\"");
        } else {
            (void)buf_addf(out, "%lld.%03d\"", (long long)(row->bound_us / 1000000),
                           (int)(row->bound_us % 1000000 / 1000));
        }
    }
    (void)buf_add_str(out, str_of(has_labels ? "} " : " "));
    if (row->form == FORM_SUM) {
        (void)buf_addf(out, "%lld.%06d\n", (long long)(value / 1000000), (int)(value % 1000000));
    } else {
        (void)buf_addf(out, "%lld\n", (long long)value);
    }
}

void metric_write(buf_t *out)
{
    pthread_mutex_lock(&lock);
    size_t count = series_count;
    pthread_mutex_unlock(&lock);
    const char *open_name = "";
    int64_t cumulative = 0;
    for (size_t i = 0; i < count; i++) {
        const series_t *row = &series[i];
        if (strcmp(open_name, row->name) != 0) {
            const char *type = row->form != FORM_PLAIN     ? "histogram"
                               : row->kind == METRIC_GAUGE ? "gauge"
                                                           : "counter";
            (void)buf_addf(out, "# HELP clientele_%s %s\n# TYPE clientele_%s %s\n", row->name,
                           row->help, row->name, type);
            open_name = row->name;
        }
        int64_t value = metric_value((metric_t)i);
        if (row->form == FORM_BUCKET) {
            cumulative = row->bound_us == bounds_us[0] ? value : cumulative + value;
            value = cumulative;
        }
        write_row(out, row, value);
    }
}

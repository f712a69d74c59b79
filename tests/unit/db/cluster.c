/* SPDX-License-Identifier: Apache-2.0
 * The shell functions of deploy/lib/cluster.sh, from C. */
#include "cluster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], conninfo[512];

static bool shell(const char *words)
{
    char command[1200];
    snprintf(command, sizeof command,
             "exec 2>>%s/error.log; . " CLIENTELE_SOURCE_DIR "/deploy/lib/cluster.sh && %s", folder,
             words);
    char whole[1600];
    snprintf(whole, sizeof whole, "bash -c '%s' >>%s/output.log </dev/null", command, folder);
    return system(whole) == 0;
}

static bool shell_on(const char *function, const char *more)
{
    char words[900];
    snprintf(words, sizeof words, "%s %s/cluster %s", function, folder, more);
    return shell(words);
}

const char *cluster_start(void)
{
    snprintf(folder, sizeof folder, "/tmp/clientele-unit-%d", (int)getpid());
    mkdir(folder, 0755);
    if (!shell_on("cluster_make", "throwaway") || !shell_on("cluster_start", "")) {
        printf("skipped: no throw-away PostgreSQL (see %s/error.log)\n", folder);
        return NULL;
    }
    char path[400], socket[256] = "";
    snprintf(path, sizeof path, "%s/cluster/socket", folder);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(socket, sizeof socket, file))
        return NULL;
    fclose(file);
    socket[strcspn(socket, "\n")] = 0;
    snprintf(conninfo, sizeof conninfo, "host=%s dbname=postgres", socket);
    return conninfo;
}

bool cluster_migrate(void)
{
    return shell_on("cluster_migrate", "");
}

bool cluster_sql(const char *sql)
{
    char path[400], more[450];
    snprintf(path, sizeof path, "%s/statement.sql", folder);
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    fprintf(file, "%s;\n", sql);
    fclose(file);
    snprintf(more, sizeof more, "-f %s", path);
    return shell_on("cluster_psql", more);
}

bool cluster_halt(void)
{
    return shell_on("cluster_stop", "");
}

bool cluster_resume(void)
{
    return shell_on("cluster_start", "");
}

void cluster_remove(void)
{
    shell_on("cluster_stop", "");
    shell_on("cluster_remove", "");
    char command[300];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0)
        printf("%s stays\n", folder);
}

#include "CSQLite.h"

#include <sqlite3.h>

int sqlite_use_memory_apart(int cacheKiB) {
    int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return code == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_PAGECACHE, (void *)0, 0, -cacheKiB) : code;
}

#include "CSQLite.h"

#ifdef __linux__
#include <malloc.h>
#endif
#include <sqlite3.h>

int sqlite_use_memory_apart(int cacheKiB) {
    int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return code == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_PAGECACHE, (void *)0, 0, -cacheKiB) : code;
}

void give_back_large_memory(int largeBytes) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, largeBytes);
    mallopt(M_TRIM_THRESHOLD, largeBytes);
#endif
}

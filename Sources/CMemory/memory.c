#include "CMemory.h"

#ifdef __linux__
#include <malloc.h>
#endif

void give_back_large_memory(int largeBytes) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, largeBytes);
    mallopt(M_TRIM_THRESHOLD, largeBytes);
#endif
}

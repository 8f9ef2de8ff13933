// What Swift has no word for: when memory is fetched, and when it is given back.
#pragma once

/// Begins to bring a cache line near, and goes on without waiting for it. Any address is allowed; nothing is read.
static inline void prefetch_line(const void *_Nullable address) {
    __builtin_prefetch(address);
}

/// Pieces of memory of so many bytes and more are the system's again as soon as they are freed.
///
/// Left to itself, the GNU C library keeps as much as the largest piece it ever freed, up to 64 MiB for each thread.
void give_back_large_memory(int largeBytes);

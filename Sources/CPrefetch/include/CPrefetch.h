// Asks the processor for memory before it is needed, which Swift has no word for.
#pragma once

/// Begins to bring a cache line near, and goes on without waiting for it. Any address is allowed; nothing is read.
static inline void prefetch_line(const void *_Nullable address) {
    __builtin_prefetch(address);
}

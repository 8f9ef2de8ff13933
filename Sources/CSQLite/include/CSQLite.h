// What of C's libraries Swift cannot call: SQLite's settings take a variable number of arguments, and the settings of
// the allocator are in no module.
#pragma once

/// Sets up memory for connections on several threads; before the first one is opened.
///
/// SQLite counts all memory, and every page of a cache, under locks that all connections share. Here nothing is
/// counted, and each cache takes its first pages in one piece of `cacheKiB`. Returns SQLite's result code.
int sqlite_use_memory_apart(int cacheKiB);

/// Pieces of memory of so many bytes and more are the system's again as soon as they are freed.
///
/// Left to itself, the GNU C library keeps as much as the largest piece it ever freed, up to 64 MiB for each thread.
void give_back_large_memory(int largeBytes);

// What of SQLite's C API takes a variable number of arguments, which Swift cannot call.
#pragma once

/// Sets up memory for connections on several threads; before the first one is opened.
///
/// SQLite counts all memory, and every page of a cache, under locks that all connections share. Here nothing is
/// counted, and each cache takes its first pages in one piece of `cacheKiB`. Returns SQLite's result code.
int sqlite_use_memory_apart(int cacheKiB);

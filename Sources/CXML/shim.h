// libxml2's HTML parser as Swift sees it.
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

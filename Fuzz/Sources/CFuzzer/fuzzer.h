// libFuzzer used as a library. llvm.org/docs/LibFuzzer.html
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));

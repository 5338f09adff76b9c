#ifndef AGENTBOUND_LINUX_SHIMS_H
#define AGENTBOUND_LINUX_SHIMS_H
#include <stddef.h>
#include <stdint.h>
#endif

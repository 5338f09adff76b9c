#ifndef AGENTBOUND_CHILD_LAUNCH_H
#define AGENTBOUND_CHILD_LAUNCH_H
#include <stdint.h>
#endif

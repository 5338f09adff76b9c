#include "child_launch.h"

#include "byte_classes.h"

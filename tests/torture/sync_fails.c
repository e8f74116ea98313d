/* sync_fails.c: loaded before the real program (LD_PRELOAD): as soon as the file that SYNC_FAILS_IF
 * names is there, every fsync() and fdatasync() gives EIO. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int forward(const char *name, int descriptor) {
    const char *file = getenv("SYNC_FAILS_IF");
    if (file != NULL && access(file, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    int (*real)(int) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, name);
    return real == NULL ? 0 : real(descriptor);
}

int fsync(int descriptor) {
    return forward("fsync", descriptor);
}

int fdatasync(int descriptor) {
    return forward("fdatasync", descriptor);
}

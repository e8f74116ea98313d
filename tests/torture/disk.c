/* disk.c: see disk.h. Writes go to the real files at once, so that reads, locks and shared memory
 * are those of the real VFS; what a power cut would take away is kept beside them. */
#include "disk.h"

#include <sqlite3.h>
#include <string.h>

#include "disk_image.h"

struct disk_file {
    sqlite3_file base;
    sqlite3_file *real;
    struct disk_image *image; /* NULL: nothing is recorded */
    bool is_dirsync_due;      /* made by this open: its first sync makes its name durable too */
};

static struct {
    enum disk_call call;
    unsigned at, count;
    bool is_lasting, has_failed;
    int code;
    disk_point *point;
    void *context;
} disk;

void disk_fail(enum disk_call call, unsigned n, bool is_lasting, int code) {
    disk.call = call;
    disk.at = n;
    disk.count = 0;
    disk.is_lasting = is_lasting;
    disk.has_failed = false;
    disk.code = code;
}

bool disk_has_failed(void) {
    return disk.has_failed;
}

void disk_record(disk_point *point, void *context) {
    disk.point = point;
    disk.context = context;
    if (point == NULL)
        disk_images_free();
}

/* The code that this call is to give; SQLITE_OK = go on. */
static int before(enum disk_call call) {
    if (disk.point != NULL)
        disk.point(disk.context, call);
    if (disk.at == 0 || disk.call != call)
        return SQLITE_OK;
    disk.count++;
    bool fails = disk.is_lasting ? disk.count >= disk.at : disk.count == disk.at;
    disk.has_failed = disk.has_failed || fails;
    return fails ? disk.code : SQLITE_OK;
}

/* ---- files ---- */

static struct disk_file *own(sqlite3_file *file) {
    return (struct disk_file *)file;
}

static sqlite3_file *real(sqlite3_file *file) {
    return own(file)->real;
}

static int file_close(sqlite3_file *file) {
    return real(file)->pMethods->xClose(real(file));
}

static int file_read(sqlite3_file *file, void *to, int bytes, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), to, bytes, offset);
}

static int file_write(sqlite3_file *file, const void *from, int bytes, sqlite3_int64 offset) {
    int code = before(DISK_WRITE);
    if (code != SQLITE_OK) {
        /* Half of it may be there all the same. */
        (void)real(file)->pMethods->xWrite(real(file), from, bytes / 2, offset);
        return code;
    }
    code = real(file)->pMethods->xWrite(real(file), from, bytes, offset);
    if (code == SQLITE_OK && own(file)->image != NULL)
        disk_image_write(own(file)->image, from, (size_t)bytes, (size_t)offset);
    return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 bytes) {
    int code = before(DISK_TRUNCATE);
    if (code == SQLITE_OK)
        code = real(file)->pMethods->xTruncate(real(file), bytes);
    if (code == SQLITE_OK && own(file)->image != NULL)
        disk_image_truncate(own(file)->image, (size_t)bytes);
    return code;
}

static int file_sync(sqlite3_file *file, int flags) {
    int code = before(DISK_SYNC);
    if (code == SQLITE_OK)
        code = real(file)->pMethods->xSync(real(file), flags);
    if (code == SQLITE_OK && own(file)->image != NULL) {
        disk_image_sync(own(file)->image);
        if (own(file)->is_dirsync_due)
            disk_names_sync();
        own(file)->is_dirsync_due = false;
    }
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *bytes) {
    return real(file)->pMethods->xFileSize(real(file), bytes);
}

static int file_lock(sqlite3_file *file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int file_lock_check(sqlite3_file *file, int *is_reserved) {
    return real(file)->pMethods->xCheckReservedLock(real(file), is_reserved);
}

static int file_control(sqlite3_file *file, int what, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), what, argument);
}

static int file_sector(sqlite3_file *file) {
    return real(file)->pMethods->xSectorSize(real(file));
}

static int file_traits(sqlite3_file *file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int shm_map(sqlite3_file *file, int region, int bytes, int extend, void volatile **out) {
    return real(file)->pMethods->xShmMap(real(file), region, bytes, extend, out);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void shm_barrier(sqlite3_file *file) {
    real(file)->pMethods->xShmBarrier(real(file));
}

static int shm_unmap(sqlite3_file *file, int is_deleted) {
    return real(file)->pMethods->xShmUnmap(real(file), is_deleted);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_lock_check,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* ---- the file system ---- */

static sqlite3_vfs *plain(sqlite3_vfs *vfs) {
    return vfs->pAppData;
}

static int fs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                   int *flags_out) {
    int exists = 0, code = before(DISK_OPEN);
    file->pMethods = NULL;
    if (code != SQLITE_OK)
        return code;
    if (name != NULL)
        (void)plain(vfs)->xAccess(plain(vfs), name, SQLITE_ACCESS_EXISTS, &exists);
    own(file)->real = (sqlite3_file *)(own(file) + 1);
    own(file)->image = NULL;
    code = plain(vfs)->xOpen(plain(vfs), name, own(file)->real, flags, flags_out);
    if (code != SQLITE_OK)
        return code;
    file->pMethods = &methods;
    if (disk.point == NULL || name == NULL)
        return SQLITE_OK;
    /* What the real VFS does: the folder is synced with the first sync of a new log or journal. */
    own(file)->is_dirsync_due = !exists && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL));
    own(file)->image = disk_image_of(name, exists != 0);
    return SQLITE_OK;
}

static int fs_delete(sqlite3_vfs *vfs, const char *name, int is_synced) {
    int code = before(DISK_DELETE);
    if (code == SQLITE_OK)
        code = plain(vfs)->xDelete(plain(vfs), name, is_synced);
    if (code == SQLITE_OK && disk.point != NULL) {
        disk_image_unlink(name);
        if (is_synced)
            disk_names_sync();
    }
    return code;
}

void disk_use(bool is_wanted) {
    static sqlite3_vfs vfs;
    if (vfs.pAppData == NULL) {
        sqlite3_vfs *base = sqlite3_vfs_find(NULL);
        vfs = *base;
        vfs.pNext = NULL;
        vfs.pAppData = base;
        vfs.zName = "disk";
        vfs.szOsFile = (int)sizeof(struct disk_file) + base->szOsFile;
        vfs.xOpen = fs_open;
        vfs.xDelete = fs_delete;
    }
    (void)sqlite3_vfs_register(is_wanted ? &vfs : plain(&vfs), 1);
}

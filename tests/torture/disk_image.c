/* disk_image.c: see disk_image.h. Want of memory ends the test program. */
#include "disk_image.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "disk.h"

enum { SECTOR_BYTES = 512, PATH_BYTES = 256 };

struct block {
    unsigned char *at;
    size_t bytes;
};

/* A piece of a write that is inside one sector, or (at NULL) a new length. */
struct piece {
    unsigned char *at;
    size_t bytes, offset;
};

struct disk_image {
    TAILQ_ENTRY(disk_image) next;
    char path[PATH_BYTES];
    bool is_there;        /* under its name, now */
    bool is_there_synced; /* and would be after a power cut */
    struct block synced;
    struct piece *pieces;
    size_t count, room;
};

static TAILQ_HEAD(, disk_image) images = TAILQ_HEAD_INITIALIZER(images);

static void *checked(void *memory) {
    if (memory == NULL) {
        fputs("disk: no memory\n", stderr);
        abort();
    }
    return memory;
}

uint64_t disk_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* ---- bytes ---- */

static void block_resize(struct block *block, size_t bytes) {
    block->at = checked(realloc(block->at, bytes + 1));
    if (bytes > block->bytes)
        memset(block->at + block->bytes, 0, bytes - block->bytes);
    block->bytes = bytes;
}

static void block_apply(struct block *block, const struct piece *piece) {
    if (piece->at == NULL) {
        block_resize(block, piece->bytes);
        return;
    }
    if (piece->offset + piece->bytes > block->bytes)
        block_resize(block, piece->offset + piece->bytes);
    memcpy(block->at + piece->offset, piece->at, piece->bytes);
}

static void block_load(struct block *block, const char *path) {
    FILE *file = checked(fopen(path, "rb"));
    char part[65536];
    for (size_t bytes; (bytes = fread(part, 1, sizeof part, file)) > 0;) {
        size_t old = block->bytes;
        block_resize(block, old + bytes);
        memcpy(block->at + old, part, bytes);
    }
    fclose(file);
}

static void block_store(const struct block *block, const char *path) {
    FILE *file = checked(fopen(path, "wb"));
    if (fwrite(block->at, 1, block->bytes, file) != block->bytes || fclose(file) != 0)
        abort();
}

/* ---- files ---- */

struct disk_image *disk_image_of(const char *path, bool exists) {
    struct disk_image *image;
    TAILQ_FOREACH(image, &images, next) {
        if (image->is_there && strcmp(image->path, path) == 0)
            return image;
    }
    image = checked(calloc(1, sizeof *image));
    snprintf(image->path, sizeof image->path, "%s", path);
    image->is_there = true;
    image->is_there_synced = exists;
    block_resize(&image->synced, 0);
    if (exists)
        block_load(&image->synced, path);
    TAILQ_INSERT_TAIL(&images, image, next);
    return image;
}

static void piece_add(struct disk_image *image, struct piece piece) {
    if (image->count == image->room) {
        image->room = image->room * 2 + 64;
        image->pieces = checked(realloc(image->pieces, image->room * sizeof *image->pieces));
    }
    image->pieces[image->count++] = piece;
}

void disk_image_write(struct disk_image *image, const void *from, size_t bytes, size_t offset) {
    const unsigned char *at = from;
    while (bytes > 0) {
        size_t part = SECTOR_BYTES - offset % SECTOR_BYTES;
        part = part < bytes ? part : bytes;
        struct piece piece = {checked(malloc(part)), part, offset};
        memcpy(piece.at, at, part);
        piece_add(image, piece);
        at += part, offset += part, bytes -= part;
    }
}

void disk_image_truncate(struct disk_image *image, size_t bytes) {
    piece_add(image, (struct piece){NULL, bytes, 0});
}

static void pieces_free(struct disk_image *image) {
    for (size_t i = 0; i < image->count; i++)
        free(image->pieces[i].at);
    image->count = 0;
}

void disk_image_sync(struct disk_image *image) {
    for (size_t i = 0; i < image->count; i++)
        block_apply(&image->synced, &image->pieces[i]);
    pieces_free(image);
}

void disk_image_unlink(const char *path) {
    struct disk_image *image;
    TAILQ_FOREACH(image, &images, next) {
        if (strcmp(image->path, path) == 0)
            image->is_there = false;
    }
}

static void image_free(struct disk_image *image) {
    TAILQ_REMOVE(&images, image, next);
    pieces_free(image);
    free(image->pieces);
    free(image->synced.at);
    free(image);
}

void disk_names_sync(void) {
    struct disk_image *image = TAILQ_FIRST(&images);
    while (image != NULL) {
        struct disk_image *next = TAILQ_NEXT(image, next);
        image->is_there_synced = image->is_there;
        /* A file without a name lives until it is closed; nothing of it can come back. */
        if (!image->is_there)
            image_free(image);
        image = next;
    }
}

void disk_images_free(void) {
    while (!TAILQ_EMPTY(&images))
        image_free(TAILQ_FIRST(&images));
}

/* ---- the cut ---- */

static void cut_one(const struct disk_image *image, const char *path, uint64_t *random) {
    static const unsigned shares[] = {0, 10, 50, 90, 100};
    unsigned share = shares[disk_random(random) % (sizeof shares / sizeof shares[0])];
    bool is_shuffled = disk_random(random) % 2 == 0;
    struct block left = {NULL, 0};
    size_t *order = checked(malloc((image->count + 1) * sizeof *order));
    block_resize(&left, image->synced.bytes);
    memcpy(left.at, image->synced.at, left.bytes);
    for (size_t i = 0; i < image->count; i++) {
        size_t other = is_shuffled ? disk_random(random) % (i + 1) : i;
        order[i] = order[other];
        order[other] = i;
    }
    for (size_t i = 0; i < image->count; i++) {
        if (disk_random(random) % 100 < share)
            block_apply(&left, &image->pieces[order[i]]);
    }
    block_store(&left, path);
    free(order);
    free(left.at);
}

void disk_cut(const char *folder, uint64_t *random) {
    struct disk_image *image;
    TAILQ_FOREACH(image, &images, next) {
        char path[PATH_BYTES * 2];
        const char *name = strrchr(image->path, '/');
        bool is_there = disk_random(random) % 2 == 0 ? image->is_there : image->is_there_synced;
        if (!is_there)
            continue;
        snprintf(path, sizeof path, "%s%s", folder, name == NULL ? image->path : name);
        cut_one(image, path, random);
    }
}

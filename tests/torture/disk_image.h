/* disk_image.h: for disk.c: what of each file is on the disk for certain, and what is not yet. */
#ifndef PILCROW_TESTS_DISK_IMAGE_H
#define PILCROW_TESTS_DISK_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

struct disk_image;

/* The image of the file of that name. One that is there and is seen for the first time counts as
 * synced. */
struct disk_image *disk_image_of(const char *path, bool exists);

void disk_image_write(struct disk_image *image, const void *from, size_t bytes, size_t offset);
void disk_image_truncate(struct disk_image *image, size_t bytes);
void disk_image_sync(struct disk_image *image);

void disk_image_unlink(const char *path);

/* Which names there are is on the disk now. */
void disk_names_sync(void);

void disk_images_free(void);

#endif

/*
 * What the parts of berth-unpack share: limits, the state of one run, and how an archive is refused.
 */
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define MOST_DEPTH 200
#define MOST_PATH 4095
#define MOST_NAME 255
#define MOST_XATTRS 64
#define MOST_XATTR_BYTES (64u << 10)
#define MOST_REPORT (64u << 20)
#define MOST_LISTED 256
/* Of attributes, access lists and long names of one entry, in whatever code. */
#define MOST_HEADER (128u << 10)
/* Of the access lists that directories hand down, together. */
#define MOST_HANDED_DOWN (64u << 20)
/* What a directory, or the last block of a file, takes in the store. */
#define BLOCK 4096

enum outcome {
    OUTCOME_DONE = 0,
    OUTCOME_REFUSED = 1, /* the archive is at fault */
    OUTCOME_FAILED = 2,  /* this host is */
    OUTCOME_FULL = 3,    /* its disk is full */
};

struct options {
    uint64_t base, count; /* ids inside 0…count−1 are the host's base… */
    uint64_t bytes, entries;
    bool skip_devices;
    const char *root;
};

/*
 * What a directory gets when nothing is made below it any more: its time, and the access list that it hands down, which
 * would otherwise go to the archive's own entries. NULL where there is none.
 */
struct directory_end {
    char *path;
    struct timespec time;
    void *handed_down;
    size_t handed_down_size;
};

struct run {
    const struct options *options;
    int root;
    int report; /* paths of opaque directories go here, each ended by NUL */
    uint64_t bytes, entries;
    struct directory_end *ends;
    size_t ends_used, ends_room, handed_down;
};

/* A checked path: relative, without empty, "." and ".." components; "" is the root itself. */
struct place {
    char path[MOST_PATH + 1];
    const char *name; /* last component */
    int depth;
};

/* As fail, for what the archive is to blame for. */
int refuse(const char *format, ...) __attribute__((format(printf, 1, 2), cold));

/* How the process ends after a failure. */
enum outcome failure_outcome(void);

/* Checks a name of the archive; what says what it is for: "path" or "link". */
int place_of(struct place *place, const char *text, const char *what);

/* Opens a place's directory, which is made if it is not there; no symbolic link is passed. */
int open_parent(const struct run *run, const struct place *place, bool make);

/* Opens a directory below another, passing no symbolic link. */
int open_beneath(int dir, const char *path, int flags);

/* True for the device 0:0 by which overlay hides a name of the layers below. */
bool is_whiteout_node(int dir, const char *name);

/* Makes room for a new entry; sets whited if a whiteout was there. */
int clear_place(int dir, const struct place *place, bool directory, bool *whited);

/* Handles names that begin with ".wh.". Returns 1 if this was one, 0 if it is a usual entry, or -1. */
int take_whiteout(struct run *run, struct archive_entry *entry, const struct place *place);

/* Notes that nothing of the layers below shows through a directory. */
int report_opaque(const struct run *run, const char *path);

/* Makes one entry of the archive. */
int make_entry(struct run *run, struct archive *archive, struct archive_entry *entry, const struct place *place);

/* An access list as the kernel takes it. */
struct access_list {
    uint32_t version;
    struct posix_acl_xattr_entry entries[MOST_LISTED];
    size_t used;
};

/* Refuses an entry with lists that are too long, whether they are of use or not. */
int check_lists(struct archive_entry *entry);

/* Reads a list that an entry has as text, of the type ARCHIVE_ENTRY_ACL_TYPE_ACCESS or …_DEFAULT. */
int read_list(const struct run *run, struct archive_entry *entry, int type, struct access_list *list);

/* Bytes of the attribute's value, which begins at the list; 0 for a list without entries. */
size_t list_size(const struct access_list *list);

int set_xattrs(const struct run *run, int fd, struct archive_entry *entry, const struct place *place);

/* Keeps the access list that a directory hands down, if it has one. */
int keep_handed_down(struct run *run, struct archive_entry *entry, struct directory_end *end);

int set_handed_down(int fd, const struct directory_end *end);

/* Standard input, for libarchive. */
ssize_t read_input(struct archive *archive, void *data, const void **bytes);

/* Unpacks standard input into the run's root, which is the root of this process. */
int unpack_archive(struct run *run);

/* Goes into a user namespace with the given ids, as its root, without network, with nothing but the root directory. */
int enter_cage(int root, int ready, int go);

/* Gives a child its ids. */
int map_ids(int child, const struct options *options);

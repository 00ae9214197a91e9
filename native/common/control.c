#include "control.h"

#include "cleanup.h"
#include "error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int control_send(int socket, enum control_type type, int code, const char *reason, int fd)
{
    struct control_message message = {.type = (char)type, .code = code};
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } ancillary = {0};
    struct iovec vector = {&message, sizeof(message)};
    struct msghdr header = {.msg_iov = &vector, .msg_iovlen = 1};
    snprintf(message.reason, sizeof(message.reason), "%s", reason ? reason : "");
    if (fd >= 0) {
        header.msg_control = &ancillary;
        header.msg_controllen = sizeof(ancillary);
        struct cmsghdr *part = CMSG_FIRSTHDR(&header);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(part), &fd, sizeof(int));
    }
    if (sendmsg(socket, &header, MSG_NOSIGNAL) < 0)
        return fail_errno("the supervisor cannot be told");
    return 0;
}

static void take_ancillary(struct msghdr *header, int *fd, pid_t *sender)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
        if (part->cmsg_level != SOL_SOCKET)
            continue;
        if (part->cmsg_type == SCM_RIGHTS && *fd < 0)
            memcpy(fd, CMSG_DATA(part), sizeof(int));
        if (part->cmsg_type == SCM_CREDENTIALS) {
            struct ucred credentials;
            memcpy(&credentials, CMSG_DATA(part), sizeof(credentials));
            *sender = credentials.pid;
        }
    }
}

int control_receive(int socket, struct control_message *message, int *fd, pid_t *sender)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
    } ancillary = {0};
    struct iovec vector = {message, sizeof(*message)};
    struct msghdr header = {
        .msg_iov = &vector,
        .msg_iovlen = 1,
        .msg_control = &ancillary,
        .msg_controllen = sizeof(ancillary),
    };
    ssize_t n;
    *fd = -1;
    *sender = 0;
    do
        n = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail_errno("the control socket cannot be read");
    take_ancillary(&header, fd, sender);
    if (n == 0)
        return 0;
    if (n != sizeof(*message)) {
        cleanup_close(fd);
        return fail("a control message has the wrong length");
    }
    message->reason[sizeof(message->reason) - 1] = '\0';
    return 1;
}

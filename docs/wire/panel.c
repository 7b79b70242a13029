/* A device that numbers its own events: each line of its input becomes an event `sensor` of the application
 * `railway`. The line is a JSON object with the data of the event. Every receiver handles each event exactly once
 * and in order, whatever the broker loses. docs/wire.md explains every message.
 *
 *     cc -Wall -Wextra -O2 -o panel panel.c -lmosquitto
 *     ./panel 127.0.0.1 1883 gate [receiver...]
 */
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAME "panel"
#define EVENT "csml/railway/env/" NAME "/sensor"
#define SYNC "csml/railway/syn/env/" NAME
#define KEPT 64       /* events kept until they are acknowledged */
#define LONGEST 256   /* bytes of one event's data */
#define RESEND_MS 500

static struct { char data[LONGEST]; } kept[KEPT]; /* event n is at n % KEPT */
static struct { const char *name; uint64_t acked, ended_by; bool ended; } receivers[8];
static int receiver_count;
static uint64_t epoch, last; /* of this incarnation; number of the last event */

static uint64_t now_ms(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Every receiver has handled all events up to this number. */
static uint64_t acked_by_all(void) {
    uint64_t least = last;
    for (int i = 0; i < receiver_count; i++)
        if (!receivers[i].ended && receivers[i].acked < least) least = receivers[i].acked;
    return least;
}

static void send_event(struct mosquitto *client, uint64_t seq) {
    char epoch_text[24], seq_text[24];
    const char *data = kept[seq % KEPT].data;
    mosquitto_property *properties = NULL;
    snprintf(epoch_text, sizeof epoch_text, "%" PRIu64, epoch);
    snprintf(seq_text, sizeof seq_text, "%" PRIu64, seq);
    mosquitto_property_add_string_pair(&properties, MQTT_PROP_USER_PROPERTY, "epoch", epoch_text);
    mosquitto_property_add_string_pair(&properties, MQTT_PROP_USER_PROPERTY, "seq", seq_text);
    mosquitto_publish_v5(client, NULL, EVENT, (int)strlen(data), data, 1, false, properties);
    mosquitto_property_free_all(&properties);
}

static void send_missing(struct mosquitto *client) {
    for (uint64_t seq = acked_by_all() + 1; seq <= last; seq++) send_event(client, seq);
}

/* Without a receiver: announces this incarnation. With one: answers that it receives everything after `acked`. */
static void send_sync(struct mosquitto *client, int i, uint64_t receiver_epoch) {
    char text[256];
    if (i < 0)
        snprintf(text, sizeof text, "{\"epoch\":%" PRIu64 ",\"receivers\":[]}", epoch);
    else
        snprintf(text, sizeof text, "{\"epoch\":%" PRIu64 ",\"receivers\":[[\"%s\",%" PRIu64 ",%" PRIu64 "]]}",
                 epoch, receivers[i].name, receiver_epoch, receivers[i].acked);
    mosquitto_publish(client, NULL, SYNC, (int)strlen(text), text, 0, false);
}

static void on_connect(struct mosquitto *client, void *context, int code) {
    char topic[128];
    (void)context;
    if (code != 0) return;
    for (int i = 0; i < receiver_count; i++) {
        snprintf(topic, sizeof topic, "csml/railway/ack/%s", receivers[i].name);
        mosquitto_subscribe(client, NULL, topic, 0);
    }
    send_sync(client, -1, 0);
    send_missing(client);
}

/* An acknowledgement. Names contain no quotes, and there is no white space: a text search is enough. */
static void on_message(struct mosquitto *client, void *context, const struct mosquitto_message *message) {
    char text[4096], mine[64];
    const char *receiver = strrchr(message->topic, '/') + 1, *at;
    int i = 0;
    (void)context;
    while (i < receiver_count && strcmp(receivers[i].name, receiver) != 0) i++;
    if (i == receiver_count || message->payloadlen <= 0 || message->payloadlen >= (int)sizeof text) return;
    memcpy(text, message->payload, (size_t)message->payloadlen);
    text[message->payloadlen] = 0;
    if (strstr(text, "\"sources\":[]")) {
        send_sync(client, -1, 0); /* the receiver has just connected */
        return;
    }
    snprintf(mine, sizeof mine, "[\"env\",\"" NAME "\",%" PRIu64 ",", epoch);
    if ((at = strstr(text, mine)) == NULL) return; /* about others, or about an earlier incarnation */
    at += strlen(mine);
    const char *its = strstr(text, "\"epoch\":");
    uint64_t its_epoch = its ? strtoull(its + 8 + (its[8] == '"'), NULL, 10) : 0;
    if (strncmp(at, "null", 4) == 0) { /* the receiver asks where its events begin */
        if (its_epoch != receivers[i].ended_by) receivers[i].ended = false;
        send_sync(client, i, its_epoch);
        return;
    }
    uint64_t number = strtoull(at, NULL, 10);
    if (number > receivers[i].acked && number <= last) receivers[i].acked = number;
    if (strstr(text, "\"ended\":true")) {
        receivers[i].ended = true;
        receivers[i].ended_by = its_epoch;
    }
}

int main(int argc, char **argv) {
    bool open = true;
    uint64_t resend_at = 0;
    if (argc < 4 || argc > 11) return fprintf(stderr, "usage: panel HOST PORT RECEIVER...\n"), 2;
    for (int i = 3; i < argc; i++) receivers[receiver_count++].name = argv[i];
    epoch = now_ms(CLOCK_REALTIME); /* without a clock: a counter in non-volatile memory */

    mosquitto_lib_init();
    struct mosquitto *client = mosquitto_new("railway-" NAME, true, NULL);
    if (client == NULL) return 1;
    mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_message_callback_set(client, on_message);
    if (mosquitto_connect(client, argv[1], atoi(argv[2]), 30) != MOSQ_ERR_SUCCESS) return perror("connect"), 1;

    while (open || acked_by_all() < last) {
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        /* Reads only what it can keep; the writer of the input blocks. */
        if (open && last - acked_by_all() < KEPT && poll(&input, 1, 0) > 0) {
            char *data = kept[(last + 1) % KEPT].data;
            size_t length = 0;
            char letter;
            while ((open = read(STDIN_FILENO, &letter, 1) == 1) && letter != '\n')
                if (length + 1 < LONGEST) data[length++] = letter;
            data[length] = 0;
            if (length + 1 == LONGEST) fprintf(stderr, "a line of more than %d bytes is skipped\n", LONGEST - 2);
            else if (open) send_event(client, ++last);
        }
        if (now_ms(CLOCK_MONOTONIC) >= resend_at) {
            send_missing(client);
            resend_at = now_ms(CLOCK_MONOTONIC) + RESEND_MS;
        }
        if (mosquitto_loop(client, 20, 1) != MOSQ_ERR_SUCCESS) {
            sleep(1);
            mosquitto_reconnect(client);
        }
    }
    mosquitto_disconnect(client);
    fprintf(stderr, "%" PRIu64 " events, all acknowledged\n", last);
    return 0;
}

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TimeWindows;

/**
 * The same two tasks on Kafka Streams, exactly once, one thread, a commit each 100 ms: from the first record to the commit
 * that has the last one's offset. `Streams <brokers> <prefix> <task> <folder>`; prints what `measured.ts` describes.
 */
public final class Streams {
  @JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
  public static final class Row {
    String key;
    int id;
    int value;
    double at;
    String note;
  }

  @JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
  public static final class Total {
    String key;
    int pairs;
    double value;
    double windowStart;
    double windowEnd;
    String firing = "on time";
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private static <T> Serde<T> serde(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> {
          try {
            return value == null ? null : JSON.writeValueAsBytes(value);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        (topic, bytes) -> {
          try {
            return bytes == null ? null : JSON.readValue(bytes, type);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static long eventTime(ConsumerRecord<Object, Object> record, long partitionTime) {
    return (long) ((Row) record.value()).at;
  }

  private static StreamsBuilder topology(String prefix, String task) {
    StreamsBuilder builder = new StreamsBuilder();
    Serde<Row> rows = serde(Row.class);
    Consumed<String, Row> consumed =
        Consumed.with(Serdes.String(), rows).withTimestampExtractor(Streams::eventTime);
    KStream<String, Row> left = builder.stream(prefix + ".left", consumed);
    if (task.equals("pass-through")) {
      left.to(prefix + ".streams-out", Produced.with(Serdes.String(), rows));
      return builder;
    }
    KStream<String, Row> right = builder.stream(prefix + ".right", consumed);
    Serde<Total> totals = serde(Total.class);
    left.join(
            right,
            (one, other) -> {
              Total pair = new Total();
              pair.key = one.key;
              pair.value = one.value + other.value;
              return pair;
            },
            JoinWindows.ofTimeDifferenceAndGrace(Duration.ofMillis(2_500), Duration.ofMillis(1_000)),
            StreamJoined.with(Serdes.String(), rows, rows))
        .groupByKey(Grouped.with(Serdes.String(), totals))
        .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofSeconds(10), Duration.ofMillis(1_000)))
        .aggregate(
            Total::new,
            (key, pair, total) -> {
              total.key = key;
              total.pairs += 1;
              total.value += pair.value;
              return total;
            },
            Materialized.with(Serdes.String(), totals))
        .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))
        .toStream()
        .map(
            (window, total) -> {
              total.windowStart = window.window().start();
              total.windowEnd = window.window().end();
              return KeyValue.pair(window.key(), total);
            })
        .to(prefix + ".streams-out", Produced.with(Serdes.String(), totals));
    return builder;
  }

  public static void main(String[] args) throws Exception {
    String brokers = args[0];
    String prefix = args[1];
    String task = args[2];
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, prefix + ".streams");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, args[3]);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    settings.put("auto.offset.reset", "earliest");
    long begun = System.nanoTime();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers));
        KafkaStreams streams = new KafkaStreams(topology(prefix, task).build(), settings)) {
      Map<TopicPartition, Long> ends = new java.util.HashMap<>();
      for (String side : task.equals("pass-through") ? new String[] {"left"} : new String[] {"left", "right"}) {
        var topic = admin.describeTopics(java.util.List.of(prefix + "." + side)).allTopicNames().get();
        for (var partition : topic.get(prefix + "." + side).partitions()) {
          TopicPartition place = new TopicPartition(prefix + "." + side, partition.partition());
          ends.put(place, admin.listOffsets(Map.of(place, OffsetSpec.latest())).all().get().get(place).offset());
        }
      }
      streams.start();
      while (streams.state() != KafkaStreams.State.RUNNING) Thread.sleep(5);
      long opened = System.nanoTime();
      for (boolean done = false; !done; Thread.sleep(20)) {
        if (streams.state() == KafkaStreams.State.ERROR) throw new IllegalStateException("Kafka Streams ended");
        var committed =
            admin.listConsumerGroupOffsets(prefix + ".streams").partitionsToOffsetAndMetadata().get();
        done = ends.entrySet().stream().allMatch(end -> {
          var at = committed.get(end.getKey());
          return at != null && at.offset() >= end.getValue();
        });
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      System.out.printf(
          java.util.Locale.ROOT,
          "{\"seconds\":%f,\"openSeconds\":%f,\"cpuSeconds\":%f}%n",
          seconds, (opened - begun) / 1e9, system.getProcessCpuTime() / 1e9);
    }
  }
}

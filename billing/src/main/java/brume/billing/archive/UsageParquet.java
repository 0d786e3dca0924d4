package brume.billing.archive;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.ParquetReader;
import brume.billing.export.StreamedFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/// Usage as Parquet: the table's own columns, texts in UTF-8, times in milliseconds of UTC, all
/// `required` but `counted`. Written and read in bounded memory.
final class UsageParquet {
  private static final long ROW_GROUP_BYTES = 32L << 20;
  private static final MessageType SCHEMA = schema();

  private UsageParquet() {}

  /// Closes it, and not the stream that it was made of.
  static ParquetWriter<ArchivedUsage> writer(OutputStream out) throws IOException {
    return new Builder(new StreamedFile(out))
        .withConf(new PlainParquetConfiguration())
        .withRowGroupSize(ROW_GROUP_BYTES)
        .build();
  }

  /// Gives each record of a file, in its order.
  static void each(Path file, Consumer<ArchivedUsage> consumer) throws IOException {
    try (Stream<ArchivedUsage> records =
        ParquetReader.streamContent(file.toFile(), new Fields(), path -> path[path.length - 1])) {
      records.forEach(consumer);
    }
  }

  private static MessageType schema() {
    return Types.buildMessage()
        .required(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named("resource_id")
        .required(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named("meter")
        .required(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named("account_id")
        .required(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named("sku")
        .required(PrimitiveTypeName.INT64)
        .named("epoch")
        .required(PrimitiveTypeName.INT64)
        .as(time())
        .named("run_started_at")
        .required(PrimitiveTypeName.INT64)
        .as(time())
        .named("started_at")
        .required(PrimitiveTypeName.INT64)
        .as(time())
        .named("ended_at")
        .required(PrimitiveTypeName.BOOLEAN)
        .named("ends_run")
        .required(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named("closed_by")
        .required(PrimitiveTypeName.INT64)
        .named("opened_seq")
        .required(PrimitiveTypeName.INT64)
        .named("closed_seq")
        .required(PrimitiveTypeName.INT64)
        .named("size")
        .optional(PrimitiveTypeName.INT64)
        .named("counted")
        .named("usage");
  }

  private static LogicalTypeAnnotation time() {
    return LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MILLIS);
  }

  private static final class Fields
      implements Hydrator<Map<String, @Nullable Object>, ArchivedUsage, String> {
    @Override
    public Map<String, @Nullable Object> start() {
      return new HashMap<>();
    }

    @Override
    public Map<String, @Nullable Object> add(
        Map<String, @Nullable Object> fields, String name, @Nullable Object value) {
      fields.put(name, value);
      return fields;
    }

    @Override
    public ArchivedUsage finish(Map<String, @Nullable Object> fields) {
      return ArchivedUsage.of(fields);
    }
  }

  private static final class Builder extends ParquetWriter.Builder<ArchivedUsage, Builder> {
    private Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<ArchivedUsage> getWriteSupport(ParquetConfiguration conf) {
      return new Rows();
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same; never called where a file is given
    protected WriteSupport<ArchivedUsage> getWriteSupport(
        org.apache.hadoop.conf.Configuration conf) {
      return new Rows();
    }
  }

  private static final class Rows extends WriteSupport<ArchivedUsage> {
    private @Nullable RecordConsumer prepared;

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(SCHEMA, Map.of());
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same; never called
    public WriteContext init(org.apache.hadoop.conf.Configuration configuration) {
      return new WriteContext(SCHEMA, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      prepared = recordConsumer;
    }

    @Override
    public void write(ArchivedUsage usage) {
      RecordConsumer to = Objects.requireNonNull(prepared);
      to.startMessage();
      text(to, 0, usage.resourceId());
      text(to, 1, usage.meter());
      text(to, 2, usage.accountId());
      text(to, 3, usage.sku());
      number(to, 4, usage.epoch());
      number(to, 5, millis(usage.runStartedAt()));
      number(to, 6, millis(usage.startedAt()));
      number(to, 7, millis(usage.endedAt()));
      to.startField(SCHEMA.getFieldName(8), 8);
      to.addBoolean(usage.endsRun());
      to.endField(SCHEMA.getFieldName(8), 8);
      text(to, 9, usage.closedBy());
      number(to, 10, usage.openedSeq());
      number(to, 11, usage.closedSeq());
      number(to, 12, usage.size());
      Long counted = usage.counted();
      if (counted != null) {
        number(to, 13, counted);
      }
      to.endMessage();
    }

    /// All are whole seconds.
    private static long millis(Instant time) {
      return time.toEpochMilli();
    }

    private static void text(RecordConsumer to, int field, String value) {
      to.startField(SCHEMA.getFieldName(field), field);
      to.addBinary(Binary.fromString(value));
      to.endField(SCHEMA.getFieldName(field), field);
    }

    private static void number(RecordConsumer to, int field, long value) {
      to.startField(SCHEMA.getFieldName(field), field);
      to.addLong(value);
      to.endField(SCHEMA.getFieldName(field), field);
    }
  }
}

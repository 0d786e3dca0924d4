package brume.billing.export;

import brume.billing.export.FocusRows.Column;
import brume.billing.invoice.Invoice;
import brume.billing.invoice.IssuedInvoices;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/// [FocusRows] as Parquet, written as they are read: decimals of 38 digits, 18 of them behind the
/// point, times in milliseconds of UTC, and columns that must not be null are `required`. It is not
/// compressed: dictionaries do most of that, and a codec would bring native code.
public final class FocusParquet {
  private static final int DECIMAL_BYTES = 16;
  private static final int PRECISION = 38;
  private static final int SCALE = 18;
  private static final long ROW_GROUP_BYTES = 8L << 20;
  private static final int PAGE_BYTES = 64 << 10;
  private static final MessageType SCHEMA = schema();

  private FocusParquet() {}

  public static void write(Invoice invoice, IssuedInvoices invoices, OutputStream out)
      throws IOException {
    try (ParquetWriter<Map<Column, Object>> writer =
        new Builder(new StreamedFile(out))
            .withConf(new PlainParquetConfiguration())
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withPageSize(PAGE_BYTES)
            .build()) {
      FocusRows.each(
          invoice,
          invoices,
          row -> {
            try {
              writer.write(row);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private static MessageType schema() {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    for (Column column : Column.values()) {
      schema.addField(field(column));
    }
    return schema.named("focus_1_4_cost_and_usage");
  }

  private static PrimitiveType field(Column column) {
    org.apache.parquet.schema.Type.Repetition repetition =
        column.nullable()
            ? org.apache.parquet.schema.Type.Repetition.OPTIONAL
            : org.apache.parquet.schema.Type.Repetition.REQUIRED;
    return switch (column.type()) {
      case TEXT ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.stringType())
              .named(column.name());
      case DECIMAL ->
          Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
              .length(DECIMAL_BYTES)
              .as(LogicalTypeAnnotation.decimalType(SCALE, PRECISION))
              .named(column.name());
      case TIME ->
          Types.primitive(PrimitiveTypeName.INT64, repetition)
              .as(LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MILLIS))
              .named(column.name());
    };
  }

  private static final class Builder extends ParquetWriter.Builder<Map<Column, Object>, Builder> {
    private Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Map<Column, Object>> getWriteSupport(ParquetConfiguration conf) {
      return new Rows();
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same; never called where a file is given
    protected WriteSupport<Map<Column, Object>> getWriteSupport(
        org.apache.hadoop.conf.Configuration conf) {
      return new Rows();
    }
  }

  private static final class Rows extends WriteSupport<Map<Column, Object>> {
    private @Nullable RecordConsumer prepared;

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(SCHEMA, Map.of("focus.version", "1.4"));
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same; never called
    public WriteContext init(org.apache.hadoop.conf.Configuration configuration) {
      return new WriteContext(SCHEMA, Map.of("focus.version", "1.4"));
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      prepared = recordConsumer;
    }

    @Override
    public void write(Map<Column, Object> row) {
      RecordConsumer consumer = Objects.requireNonNull(prepared);
      consumer.startMessage();
      row.forEach((column, value) -> {
        consumer.startField(column.name(), SCHEMA.getFieldIndex(column.name()));
        switch (column.type()) {
          case TEXT -> consumer.addBinary(Binary.fromString(value.toString()));
          case DECIMAL -> consumer.addBinary(decimal(value));
          case TIME -> consumer.addLong(((Instant) value).toEpochMilli());
        }
        consumer.endField(column.name(), SCHEMA.getFieldIndex(column.name()));
      });
      consumer.endMessage();
    }

    private static Binary decimal(Object value) {
      BigDecimal number =
          value instanceof Long units ? BigDecimal.valueOf(units) : (BigDecimal) value;
      byte[] digits =
          number.setScale(SCALE, RoundingMode.UNNECESSARY).unscaledValue().toByteArray();
      byte[] fixed = new byte[DECIMAL_BYTES];
      Arrays.fill(fixed, (byte) (number.signum() < 0 ? -1 : 0));
      System.arraycopy(digits, 0, fixed, DECIMAL_BYTES - digits.length, digits.length);
      return Binary.fromConstantByteArray(fixed);
    }
  }
}

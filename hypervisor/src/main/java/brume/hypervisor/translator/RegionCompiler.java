package brume.hypervisor.translator;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.TranslatedCode;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessFlag;

/// From a plan to code that can run: a hidden class, which the JVM drops when nobody uses it.
final class RegionCompiler {
  private static final ClassDesc NAME = ClassDesc.of("brume.hypervisor.translator.Region");
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_long, Hart.class.describeConstable().orElseThrow(), CD_long.arrayType(), CD_int);
  private static final MethodTypeDesc MAKE =
      MethodTypeDesc.of(
          CD_void, CD_int, CD_boolean, RegionPlan.class.describeConstable().orElseThrow());
  private static final MethodTypeDesc MAKE_FROM_PLAN =
      MethodTypeDesc.of(CD_void, RegionPlan.class.describeConstable().orElseThrow());

  private RegionCompiler() {}

  static TranslatedCode compile(RegionPlan plan) {
    try {
      Class<?> type = MethodHandles.lookup().defineHiddenClass(classFile(plan), true).lookupClass();
      return (TranslatedCode) type.getDeclaredConstructor(RegionPlan.class).newInstance(plan);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("a region that was just made", impossible);
    }
  }

  static byte[] classFile(RegionPlan plan) {
    RegionLayout layout = new RegionLayout(plan);
    int longest = layout.longest(plan.entry());
    boolean floats = plan.operations().stream().anyMatch(RegionCompiler::usesFloats);
    return ClassFile.of()
        .build(
            NAME,
            type ->
                type.withFlags(AccessFlag.FINAL)
                    .withSuperclass(RegionWriter.CODE)
                    .withMethodBody(
                        INIT_NAME,
                        MAKE_FROM_PLAN,
                        0,
                        code ->
                            code.aload(0)
                                .loadConstant(longest)
                                .loadConstant(floats ? 1 : 0)
                                .aload(1)
                                .invokespecial(RegionWriter.CODE, INIT_NAME, MAKE)
                                .return_())
                    .withMethodBody(
                        "run",
                        RUN,
                        ClassFile.ACC_PROTECTED,
                        code -> new RegionWriter(code, plan, layout).write()));
  }

  private static boolean usesFloats(RegionPlan.Operation operation) {
    Encoding.Group group = operation.encoding().group();
    return switch (group) {
      case FLOAT_MEMORY, SINGLE, DOUBLE, FLOAT_MOVE -> true;
      default -> false;
    };
  }
}

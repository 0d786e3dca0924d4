package brume.hypervisor.cpu;

/// The single source of the 32-bit encodings this machine has: a pattern from bit 31 down to bit 0,
/// in the fields of an R-type, dots for operands. The decoder, and what lists or makes instructions
/// in tests, derive from it. A row stands before any other that matches its bits too. Compressed
/// instructions are expansions into these ([Compressed]).
public enum Encoding {
  // RV64I computation
  LUI(Group.INTEGER, Operands.U, "....... ..... ..... ... ..... 0110111"),
  AUIPC(Group.INTEGER, Operands.U, "....... ..... ..... ... ..... 0010111"),
  ADDI(Group.INTEGER, Operands.I, "....... ..... ..... 000 ..... 0010011"),
  SLTI(Group.INTEGER, Operands.I, "....... ..... ..... 010 ..... 0010011"),
  SLTIU(Group.INTEGER, Operands.I, "....... ..... ..... 011 ..... 0010011"),
  XORI(Group.INTEGER, Operands.I, "....... ..... ..... 100 ..... 0010011"),
  ORI(Group.INTEGER, Operands.I, "....... ..... ..... 110 ..... 0010011"),
  ANDI(Group.INTEGER, Operands.I, "....... ..... ..... 111 ..... 0010011"),
  SLLI(Group.INTEGER, Operands.SHIFT6, "000000. ..... ..... 001 ..... 0010011"),
  SRLI(Group.INTEGER, Operands.SHIFT6, "000000. ..... ..... 101 ..... 0010011"),
  SRAI(Group.INTEGER, Operands.SHIFT6, "010000. ..... ..... 101 ..... 0010011"),
  ADDIW(Group.INTEGER, Operands.I, "....... ..... ..... 000 ..... 0011011"),
  SLLIW(Group.INTEGER, Operands.SHIFT5, "0000000 ..... ..... 001 ..... 0011011"),
  SRLIW(Group.INTEGER, Operands.SHIFT5, "0000000 ..... ..... 101 ..... 0011011"),
  SRAIW(Group.INTEGER, Operands.SHIFT5, "0100000 ..... ..... 101 ..... 0011011"),
  ADD(Group.INTEGER, Operands.R, "0000000 ..... ..... 000 ..... 0110011"),
  SUB(Group.INTEGER, Operands.R, "0100000 ..... ..... 000 ..... 0110011"),
  SLL(Group.INTEGER, Operands.R, "0000000 ..... ..... 001 ..... 0110011"),
  SLT(Group.INTEGER, Operands.R, "0000000 ..... ..... 010 ..... 0110011"),
  SLTU(Group.INTEGER, Operands.R, "0000000 ..... ..... 011 ..... 0110011"),
  XOR(Group.INTEGER, Operands.R, "0000000 ..... ..... 100 ..... 0110011"),
  SRL(Group.INTEGER, Operands.R, "0000000 ..... ..... 101 ..... 0110011"),
  SRA(Group.INTEGER, Operands.R, "0100000 ..... ..... 101 ..... 0110011"),
  OR(Group.INTEGER, Operands.R, "0000000 ..... ..... 110 ..... 0110011"),
  AND(Group.INTEGER, Operands.R, "0000000 ..... ..... 111 ..... 0110011"),
  ADDW(Group.INTEGER, Operands.R, "0000000 ..... ..... 000 ..... 0111011"),
  SUBW(Group.INTEGER, Operands.R, "0100000 ..... ..... 000 ..... 0111011"),
  SLLW(Group.INTEGER, Operands.R, "0000000 ..... ..... 001 ..... 0111011"),
  SRLW(Group.INTEGER, Operands.R, "0000000 ..... ..... 101 ..... 0111011"),
  SRAW(Group.INTEGER, Operands.R, "0100000 ..... ..... 101 ..... 0111011"),
  // RV64I control flow
  JAL(Group.CONTROL, Operands.J, "....... ..... ..... ... ..... 1101111"),
  JALR(Group.CONTROL, Operands.I, "....... ..... ..... 000 ..... 1100111"),
  BEQ(Group.CONTROL, Operands.B, "....... ..... ..... 000 ..... 1100011"),
  BNE(Group.CONTROL, Operands.B, "....... ..... ..... 001 ..... 1100011"),
  BLT(Group.CONTROL, Operands.B, "....... ..... ..... 100 ..... 1100011"),
  BGE(Group.CONTROL, Operands.B, "....... ..... ..... 101 ..... 1100011"),
  BLTU(Group.CONTROL, Operands.B, "....... ..... ..... 110 ..... 1100011"),
  BGEU(Group.CONTROL, Operands.B, "....... ..... ..... 111 ..... 1100011"),
  // RV64I loads and stores
  LB(Group.MEMORY, Operands.LOAD, "....... ..... ..... 000 ..... 0000011"),
  LH(Group.MEMORY, Operands.LOAD, "....... ..... ..... 001 ..... 0000011"),
  LW(Group.MEMORY, Operands.LOAD, "....... ..... ..... 010 ..... 0000011"),
  LD(Group.MEMORY, Operands.LOAD, "....... ..... ..... 011 ..... 0000011"),
  LBU(Group.MEMORY, Operands.LOAD, "....... ..... ..... 100 ..... 0000011"),
  LHU(Group.MEMORY, Operands.LOAD, "....... ..... ..... 101 ..... 0000011"),
  LWU(Group.MEMORY, Operands.LOAD, "....... ..... ..... 110 ..... 0000011"),
  SB(Group.MEMORY, Operands.S, "....... ..... ..... 000 ..... 0100011"),
  SH(Group.MEMORY, Operands.S, "....... ..... ..... 001 ..... 0100011"),
  SW(Group.MEMORY, Operands.S, "....... ..... ..... 010 ..... 0100011"),
  SD(Group.MEMORY, Operands.S, "....... ..... ..... 011 ..... 0100011"),
  // M
  MUL(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 000 ..... 0110011"),
  MULH(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 001 ..... 0110011"),
  MULHSU(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 010 ..... 0110011"),
  MULHU(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 011 ..... 0110011"),
  DIV(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 100 ..... 0110011"),
  DIVU(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 101 ..... 0110011"),
  REM(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 110 ..... 0110011"),
  REMU(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 111 ..... 0110011"),
  MULW(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 000 ..... 0111011"),
  DIVW(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 100 ..... 0111011"),
  DIVUW(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 101 ..... 0111011"),
  REMW(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 110 ..... 0111011"),
  REMUW(Group.MULTIPLY, Operands.R, "0000001 ..... ..... 111 ..... 0111011"),
  // A
  LR_W(Group.ATOMIC, Operands.LR, "00010.. 00000 ..... 010 ..... 0101111"),
  SC_W(Group.ATOMIC, Operands.AMO, "00011.. ..... ..... 010 ..... 0101111"),
  AMOSWAP_W(Group.ATOMIC, Operands.AMO, "00001.. ..... ..... 010 ..... 0101111"),
  AMOADD_W(Group.ATOMIC, Operands.AMO, "00000.. ..... ..... 010 ..... 0101111"),
  AMOXOR_W(Group.ATOMIC, Operands.AMO, "00100.. ..... ..... 010 ..... 0101111"),
  AMOAND_W(Group.ATOMIC, Operands.AMO, "01100.. ..... ..... 010 ..... 0101111"),
  AMOOR_W(Group.ATOMIC, Operands.AMO, "01000.. ..... ..... 010 ..... 0101111"),
  AMOMIN_W(Group.ATOMIC, Operands.AMO, "10000.. ..... ..... 010 ..... 0101111"),
  AMOMAX_W(Group.ATOMIC, Operands.AMO, "10100.. ..... ..... 010 ..... 0101111"),
  AMOMINU_W(Group.ATOMIC, Operands.AMO, "11000.. ..... ..... 010 ..... 0101111"),
  AMOMAXU_W(Group.ATOMIC, Operands.AMO, "11100.. ..... ..... 010 ..... 0101111"),
  LR_D(Group.ATOMIC, Operands.LR, "00010.. 00000 ..... 011 ..... 0101111"),
  SC_D(Group.ATOMIC, Operands.AMO, "00011.. ..... ..... 011 ..... 0101111"),
  AMOSWAP_D(Group.ATOMIC, Operands.AMO, "00001.. ..... ..... 011 ..... 0101111"),
  AMOADD_D(Group.ATOMIC, Operands.AMO, "00000.. ..... ..... 011 ..... 0101111"),
  AMOXOR_D(Group.ATOMIC, Operands.AMO, "00100.. ..... ..... 011 ..... 0101111"),
  AMOAND_D(Group.ATOMIC, Operands.AMO, "01100.. ..... ..... 011 ..... 0101111"),
  AMOOR_D(Group.ATOMIC, Operands.AMO, "01000.. ..... ..... 011 ..... 0101111"),
  AMOMIN_D(Group.ATOMIC, Operands.AMO, "10000.. ..... ..... 011 ..... 0101111"),
  AMOMAX_D(Group.ATOMIC, Operands.AMO, "10100.. ..... ..... 011 ..... 0101111"),
  AMOMINU_D(Group.ATOMIC, Operands.AMO, "11000.. ..... ..... 011 ..... 0101111"),
  AMOMAXU_D(Group.ATOMIC, Operands.AMO, "11100.. ..... ..... 011 ..... 0101111"),
  // Zba and Zbs
  ADD_UW(Group.ADDRESS, Operands.R, "0000100 ..... ..... 000 ..... 0111011"),
  SH1ADD(Group.ADDRESS, Operands.R, "0010000 ..... ..... 010 ..... 0110011"),
  SH1ADD_UW(Group.ADDRESS, Operands.R, "0010000 ..... ..... 010 ..... 0111011"),
  SH2ADD(Group.ADDRESS, Operands.R, "0010000 ..... ..... 100 ..... 0110011"),
  SH2ADD_UW(Group.ADDRESS, Operands.R, "0010000 ..... ..... 100 ..... 0111011"),
  SH3ADD(Group.ADDRESS, Operands.R, "0010000 ..... ..... 110 ..... 0110011"),
  SH3ADD_UW(Group.ADDRESS, Operands.R, "0010000 ..... ..... 110 ..... 0111011"),
  SLLI_UW(Group.ADDRESS, Operands.SHIFT6, "000010. ..... ..... 001 ..... 0011011"),
  BCLR(Group.ADDRESS, Operands.R, "0100100 ..... ..... 001 ..... 0110011"),
  BCLRI(Group.ADDRESS, Operands.SHIFT6, "010010. ..... ..... 001 ..... 0010011"),
  BEXT(Group.ADDRESS, Operands.R, "0100100 ..... ..... 101 ..... 0110011"),
  BEXTI(Group.ADDRESS, Operands.SHIFT6, "010010. ..... ..... 101 ..... 0010011"),
  BINV(Group.ADDRESS, Operands.R, "0110100 ..... ..... 001 ..... 0110011"),
  BINVI(Group.ADDRESS, Operands.SHIFT6, "011010. ..... ..... 001 ..... 0010011"),
  BSET(Group.ADDRESS, Operands.R, "0010100 ..... ..... 001 ..... 0110011"),
  BSETI(Group.ADDRESS, Operands.SHIFT6, "001010. ..... ..... 001 ..... 0010011"),
  // Zbb and Zbc
  ANDN(Group.BITS, Operands.R, "0100000 ..... ..... 111 ..... 0110011"),
  ORN(Group.BITS, Operands.R, "0100000 ..... ..... 110 ..... 0110011"),
  XNOR(Group.BITS, Operands.R, "0100000 ..... ..... 100 ..... 0110011"),
  MAX(Group.BITS, Operands.R, "0000101 ..... ..... 110 ..... 0110011"),
  MAXU(Group.BITS, Operands.R, "0000101 ..... ..... 111 ..... 0110011"),
  MIN(Group.BITS, Operands.R, "0000101 ..... ..... 100 ..... 0110011"),
  MINU(Group.BITS, Operands.R, "0000101 ..... ..... 101 ..... 0110011"),
  ROL(Group.BITS, Operands.R, "0110000 ..... ..... 001 ..... 0110011"),
  ROR(Group.BITS, Operands.R, "0110000 ..... ..... 101 ..... 0110011"),
  CLMUL(Group.BITS, Operands.R, "0000101 ..... ..... 001 ..... 0110011"),
  CLMULH(Group.BITS, Operands.R, "0000101 ..... ..... 011 ..... 0110011"),
  CLMULR(Group.BITS, Operands.R, "0000101 ..... ..... 010 ..... 0110011"),
  ROLW(Group.BITS, Operands.R, "0110000 ..... ..... 001 ..... 0111011"),
  RORW(Group.BITS, Operands.R, "0110000 ..... ..... 101 ..... 0111011"),
  RORI(Group.BITS, Operands.SHIFT6, "011000. ..... ..... 101 ..... 0010011"),
  RORIW(Group.BITS, Operands.SHIFT5, "0110000 ..... ..... 101 ..... 0011011"),
  CLZ(Group.BITS, Operands.UNARY, "0110000 00000 ..... 001 ..... 0010011"),
  CTZ(Group.BITS, Operands.UNARY, "0110000 00001 ..... 001 ..... 0010011"),
  CPOP(Group.BITS, Operands.UNARY, "0110000 00010 ..... 001 ..... 0010011"),
  SEXT_B(Group.BITS, Operands.UNARY, "0110000 00100 ..... 001 ..... 0010011"),
  SEXT_H(Group.BITS, Operands.UNARY, "0110000 00101 ..... 001 ..... 0010011"),
  CLZW(Group.BITS, Operands.UNARY, "0110000 00000 ..... 001 ..... 0011011"),
  CTZW(Group.BITS, Operands.UNARY, "0110000 00001 ..... 001 ..... 0011011"),
  CPOPW(Group.BITS, Operands.UNARY, "0110000 00010 ..... 001 ..... 0011011"),
  ZEXT_H(Group.BITS, Operands.UNARY, "0000100 00000 ..... 100 ..... 0111011"),
  ORC_B(Group.BITS, Operands.UNARY, "0010100 00111 ..... 101 ..... 0010011"),
  REV8(Group.BITS, Operands.UNARY, "0110101 11000 ..... 101 ..... 0010011"),
  // fences, environment calls, Zihintpause, Zawrs, Svinval. What is more special stands first.
  PAUSE(Group.SYSTEM, Operands.NONE, "0000000 10000 00000 000 00000 0001111"),
  FENCE(Group.SYSTEM, Operands.FENCE, "....... ..... ..... 000 ..... 0001111"),
  FENCE_I(Group.SYSTEM, Operands.NONE, "....... ..... ..... 001 ..... 0001111"),
  ECALL(Group.SYSTEM, Operands.NONE, "0000000 00000 00000 000 00000 1110011"),
  EBREAK(Group.SYSTEM, Operands.NONE, "0000000 00001 00000 000 00000 1110011"),
  SRET(Group.SYSTEM, Operands.NONE, "0001000 00010 00000 000 00000 1110011"),
  MRET(Group.SYSTEM, Operands.NONE, "0011000 00010 00000 000 00000 1110011"),
  WFI(Group.SYSTEM, Operands.NONE, "0001000 00101 00000 000 00000 1110011"),
  WRS_NTO(Group.SYSTEM, Operands.NONE, "0000000 01101 00000 000 00000 1110011"),
  WRS_STO(Group.SYSTEM, Operands.NONE, "0000000 11101 00000 000 00000 1110011"),
  SFENCE_W_INVAL(Group.SYSTEM, Operands.NONE, "0001100 00000 00000 000 00000 1110011"),
  SFENCE_INVAL_IR(Group.SYSTEM, Operands.NONE, "0001100 00001 00000 000 00000 1110011"),
  SFENCE_VMA(Group.SYSTEM, Operands.FENCE_VMA, "0001001 ..... ..... 000 00000 1110011"),
  SINVAL_VMA(Group.SYSTEM, Operands.FENCE_VMA, "0001011 ..... ..... 000 00000 1110011"),
  // Zicsr
  CSRRW(Group.CONTROL_REGISTER, Operands.CSR, "....... ..... ..... 001 ..... 1110011"),
  CSRRS(Group.CONTROL_REGISTER, Operands.CSR, "....... ..... ..... 010 ..... 1110011"),
  CSRRC(Group.CONTROL_REGISTER, Operands.CSR, "....... ..... ..... 011 ..... 1110011"),
  CSRRWI(Group.CONTROL_REGISTER, Operands.CSR_IMMEDIATE, "....... ..... ..... 101 ..... 1110011"),
  CSRRSI(Group.CONTROL_REGISTER, Operands.CSR_IMMEDIATE, "....... ..... ..... 110 ..... 1110011"),
  CSRRCI(Group.CONTROL_REGISTER, Operands.CSR_IMMEDIATE, "....... ..... ..... 111 ..... 1110011"),
  // Zicbom and Zicboz
  CBO_INVAL(Group.CACHE, Operands.CBO, "0000000 00000 ..... 010 00000 0001111"),
  CBO_CLEAN(Group.CACHE, Operands.CBO, "0000000 00001 ..... 010 00000 0001111"),
  CBO_FLUSH(Group.CACHE, Operands.CBO, "0000000 00010 ..... 010 00000 0001111"),
  CBO_ZERO(Group.CACHE, Operands.CBO, "0000000 00100 ..... 010 00000 0001111"),
  // F and D: loads and stores
  FLW(Group.FLOAT_MEMORY, Operands.FLOAT_LOAD, "....... ..... ..... 010 ..... 0000111"),
  FSW(Group.FLOAT_MEMORY, Operands.FLOAT_STORE, "....... ..... ..... 010 ..... 0100111"),
  FLD(Group.FLOAT_MEMORY, Operands.FLOAT_LOAD, "....... ..... ..... 011 ..... 0000111"),
  FSD(Group.FLOAT_MEMORY, Operands.FLOAT_STORE, "....... ..... ..... 011 ..... 0100111"),
  // F: arithmetic and comparison
  FMADD_S(Group.SINGLE, Operands.R4, ".....00 ..... ..... ... ..... 1000011"),
  FMSUB_S(Group.SINGLE, Operands.R4, ".....00 ..... ..... ... ..... 1000111"),
  FNMSUB_S(Group.SINGLE, Operands.R4, ".....00 ..... ..... ... ..... 1001011"),
  FNMADD_S(Group.SINGLE, Operands.R4, ".....00 ..... ..... ... ..... 1001111"),
  FADD_S(Group.SINGLE, Operands.FLOAT_ROUNDED, "0000000 ..... ..... ... ..... 1010011"),
  FSUB_S(Group.SINGLE, Operands.FLOAT_ROUNDED, "0000100 ..... ..... ... ..... 1010011"),
  FMUL_S(Group.SINGLE, Operands.FLOAT_ROUNDED, "0001000 ..... ..... ... ..... 1010011"),
  FDIV_S(Group.SINGLE, Operands.FLOAT_ROUNDED, "0001100 ..... ..... ... ..... 1010011"),
  FSQRT_S(Group.SINGLE, Operands.FLOAT_UNARY_ROUNDED, "0101100 00000 ..... ... ..... 1010011"),
  FSGNJ_S(Group.SINGLE, Operands.FLOAT, "0010000 ..... ..... 000 ..... 1010011"),
  FSGNJN_S(Group.SINGLE, Operands.FLOAT, "0010000 ..... ..... 001 ..... 1010011"),
  FSGNJX_S(Group.SINGLE, Operands.FLOAT, "0010000 ..... ..... 010 ..... 1010011"),
  FMIN_S(Group.SINGLE, Operands.FLOAT, "0010100 ..... ..... 000 ..... 1010011"),
  FMAX_S(Group.SINGLE, Operands.FLOAT, "0010100 ..... ..... 001 ..... 1010011"),
  FLE_S(Group.SINGLE, Operands.FLOAT_COMPARE, "1010000 ..... ..... 000 ..... 1010011"),
  FLT_S(Group.SINGLE, Operands.FLOAT_COMPARE, "1010000 ..... ..... 001 ..... 1010011"),
  FEQ_S(Group.SINGLE, Operands.FLOAT_COMPARE, "1010000 ..... ..... 010 ..... 1010011"),
  // D: arithmetic and comparison
  FMADD_D(Group.DOUBLE, Operands.R4, ".....01 ..... ..... ... ..... 1000011"),
  FMSUB_D(Group.DOUBLE, Operands.R4, ".....01 ..... ..... ... ..... 1000111"),
  FNMSUB_D(Group.DOUBLE, Operands.R4, ".....01 ..... ..... ... ..... 1001011"),
  FNMADD_D(Group.DOUBLE, Operands.R4, ".....01 ..... ..... ... ..... 1001111"),
  FADD_D(Group.DOUBLE, Operands.FLOAT_ROUNDED, "0000001 ..... ..... ... ..... 1010011"),
  FSUB_D(Group.DOUBLE, Operands.FLOAT_ROUNDED, "0000101 ..... ..... ... ..... 1010011"),
  FMUL_D(Group.DOUBLE, Operands.FLOAT_ROUNDED, "0001001 ..... ..... ... ..... 1010011"),
  FDIV_D(Group.DOUBLE, Operands.FLOAT_ROUNDED, "0001101 ..... ..... ... ..... 1010011"),
  FSQRT_D(Group.DOUBLE, Operands.FLOAT_UNARY_ROUNDED, "0101101 00000 ..... ... ..... 1010011"),
  FSGNJ_D(Group.DOUBLE, Operands.FLOAT, "0010001 ..... ..... 000 ..... 1010011"),
  FSGNJN_D(Group.DOUBLE, Operands.FLOAT, "0010001 ..... ..... 001 ..... 1010011"),
  FSGNJX_D(Group.DOUBLE, Operands.FLOAT, "0010001 ..... ..... 010 ..... 1010011"),
  FMIN_D(Group.DOUBLE, Operands.FLOAT, "0010101 ..... ..... 000 ..... 1010011"),
  FMAX_D(Group.DOUBLE, Operands.FLOAT, "0010101 ..... ..... 001 ..... 1010011"),
  FLE_D(Group.DOUBLE, Operands.FLOAT_COMPARE, "1010001 ..... ..... 000 ..... 1010011"),
  FLT_D(Group.DOUBLE, Operands.FLOAT_COMPARE, "1010001 ..... ..... 001 ..... 1010011"),
  FEQ_D(Group.DOUBLE, Operands.FLOAT_COMPARE, "1010001 ..... ..... 010 ..... 1010011"),
  // F and D: conversions and moves
  FCVT_W_S(Group.FLOAT_MOVE, Operands.FLOAT_TO_INTEGER, "1100000 00000 ..... ... ..... 1010011"),
  FCVT_S_W(Group.FLOAT_MOVE, Operands.INTEGER_TO_FLOAT, "1101000 00000 ..... ... ..... 1010011"),
  FCVT_WU_S(Group.FLOAT_MOVE, Operands.FLOAT_TO_INTEGER, "1100000 00001 ..... ... ..... 1010011"),
  FCVT_S_WU(Group.FLOAT_MOVE, Operands.INTEGER_TO_FLOAT, "1101000 00001 ..... ... ..... 1010011"),
  FCVT_L_S(Group.FLOAT_MOVE, Operands.FLOAT_TO_INTEGER, "1100000 00010 ..... ... ..... 1010011"),
  FCVT_S_L(Group.FLOAT_MOVE, Operands.INTEGER_TO_FLOAT, "1101000 00010 ..... ... ..... 1010011"),
  FCVT_LU_S(Group.FLOAT_MOVE, Operands.FLOAT_TO_INTEGER, "1100000 00011 ..... ... ..... 1010011"),
  FCVT_S_LU(Group.FLOAT_MOVE, Operands.INTEGER_TO_FLOAT, "1101000 00011 ..... ... ..... 1010011"),
  FCLASS_S(Group.FLOAT_MOVE, Operands.FLOAT_MOVE_OUT, "1110000 00000 ..... 001 ..... 1010011"),
  FMV_X_W(Group.FLOAT_MOVE, Operands.FLOAT_MOVE_OUT, "1110000 00000 ..... 000 ..... 1010011"),
  FMV_W_X(Group.FLOAT_MOVE, Operands.FLOAT_MOVE_IN, "1111000 00000 ..... 000 ..... 1010011"),
  FCVT_W_D(Group.FLOAT_MOVE, Operands.FLOAT_TO_INTEGER, "1100001 00000 ..... ... ..... 1010011"),
  FCVT_D_W(Group.FLOAT_MOVE, Operands.INTEGER_TO_FLOAT, "1101001 00000 ..... ... ..... 1010011"),
  FCVT_WU_D(Group.FLOAT_MOVE, Operands.FLOAT_TO_INTEGER, "1100001 00001 ..... ... ..... 1010011"),
  FCVT_D_WU(Group.FLOAT_MOVE, Operands.INTEGER_TO_FLOAT, "1101001 00001 ..... ... ..... 1010011"),
  FCVT_L_D(Group.FLOAT_MOVE, Operands.FLOAT_TO_INTEGER, "1100001 00010 ..... ... ..... 1010011"),
  FCVT_D_L(Group.FLOAT_MOVE, Operands.INTEGER_TO_FLOAT, "1101001 00010 ..... ... ..... 1010011"),
  FCVT_LU_D(Group.FLOAT_MOVE, Operands.FLOAT_TO_INTEGER, "1100001 00011 ..... ... ..... 1010011"),
  FCVT_D_LU(Group.FLOAT_MOVE, Operands.INTEGER_TO_FLOAT, "1101001 00011 ..... ... ..... 1010011"),
  FCLASS_D(Group.FLOAT_MOVE, Operands.FLOAT_MOVE_OUT, "1110001 00000 ..... 001 ..... 1010011"),
  FMV_X_D(Group.FLOAT_MOVE, Operands.FLOAT_MOVE_OUT, "1110001 00000 ..... 000 ..... 1010011"),
  FMV_D_X(Group.FLOAT_MOVE, Operands.FLOAT_MOVE_IN, "1111001 00000 ..... 000 ..... 1010011"),
  FCVT_S_D(Group.FLOAT_MOVE, Operands.FLOAT_UNARY_ROUNDED, "0100000 00001 ..... ... ..... 1010011"),
  FCVT_D_S(Group.FLOAT_MOVE, Operands.FLOAT_UNARY_ROUNDED, "0100001 00000 ..... ... ..... 1010011");

  /// Which file makes and executes it.
  public enum Group {
    INTEGER,
    CONTROL,
    MEMORY,
    MULTIPLY,
    ATOMIC,
    ADDRESS,
    BITS,
    SYSTEM,
    CONTROL_REGISTER,
    CACHE,
    FLOAT_MEMORY,
    SINGLE,
    DOUBLE,
    FLOAT_MOVE
  }

  /// What its dots mean: which registers and which form of immediate.
  public enum Operands {
    NONE,
    R,
    I,
    LOAD,
    S,
    B,
    U,
    J,
    SHIFT5,
    SHIFT6,
    UNARY,
    LR,
    AMO,
    FENCE,
    FENCE_VMA,
    CSR,
    CSR_IMMEDIATE,
    CBO,
    FLOAT_LOAD,
    FLOAT_STORE,
    R4,
    FLOAT,
    FLOAT_ROUNDED,
    FLOAT_UNARY_ROUNDED,
    FLOAT_COMPARE,
    FLOAT_TO_INTEGER,
    INTEGER_TO_FLOAT,
    FLOAT_MOVE_OUT,
    FLOAT_MOVE_IN
  }

  private final Group group;
  private final Operands operands;
  private final int mask;
  private final int match;

  Encoding(Group group, Operands operands, String pattern) {
    this.group = group;
    this.operands = operands;
    int maskBits = 0;
    int matchBits = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != ' ') {
        maskBits = maskBits << 1 | (c == '.' ? 0 : 1);
        matchBits = matchBits << 1 | (c == '1' ? 1 : 0);
      }
    }
    this.mask = maskBits;
    this.match = matchBits;
  }

  public Group group() {
    return group;
  }

  public Operands operands() {
    return operands;
  }

  /// The bits that are fixed.
  public int mask() {
    return mask;
  }

  /// What the fixed bits are.
  public int match() {
    return match;
  }

  public boolean matches(int bits) {
    return (bits & mask) == match;
  }

  /// Whether translated code may hold an instruction of this encoding with these bits; the rest is
  /// the interpreter's.
  boolean isTranslatable(int bits) {
    return switch (group) {
      case INTEGER, CONTROL, MEMORY, MULTIPLY, ADDRESS, FLOAT_MEMORY -> true;
      case BITS -> this != CLMUL && this != CLMULH && this != CLMULR;
      case SINGLE, DOUBLE, FLOAT_MOVE -> roundsAsTheHost(bits);
      case SYSTEM -> this == FENCE;
      case ATOMIC, CONTROL_REGISTER, CACHE -> isStep(bits);
    };
  }

  /// Whether translated code asks the interpreter for this one instruction and goes on behind it.
  public boolean isStep(int bits) {
    return switch (group) {
      case ATOMIC, CACHE -> true;
      case CONTROL_REGISTER -> bits >>> 20 > Csr.FCSR;
      default -> false;
    };
  }

  private boolean roundsAsTheHost(int bits) {
    int mode = bits >>> 12 & 7;
    boolean nearest = mode == 0 || mode == 7;
    return switch (operands) {
      case R4, FLOAT_ROUNDED, FLOAT_UNARY_ROUNDED, INTEGER_TO_FLOAT -> nearest;
      case FLOAT_TO_INTEGER -> nearest || mode == 1;
      default -> this != FCLASS_S && this != FCLASS_D;
    };
  }

  /// As an assembler writes it: `amoadd.w`, `fcvt.s.lu`.
  public String mnemonic() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '.');
  }
}

/**
 * The SSA intermediate representation of Java methods: lifted from class files, emitted to them.
 */
module dev.fluxion.ir {
  requires transitive java.instrument;
  requires transitive static org.jspecify;

  exports dev.fluxion.ir;
  exports dev.fluxion.ir.emit;
  exports dev.fluxion.ir.interpret;
  exports dev.fluxion.ir.lift;
  exports dev.fluxion.ir.pass;
  exports dev.fluxion.ir.roundtrip;
  exports dev.fluxion.ir.structure;
  exports dev.fluxion.ir.text;
  exports dev.fluxion.ir.verify;
}

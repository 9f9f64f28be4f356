package dev.fluxion.ir;

import java.lang.constant.ClassDesc;

/**
 * A field, by name as in a class file.
 *
 * @param owner the class that the access names
 * @param name the field's name
 * @param type the field's type
 * @param isStatic whether it belongs to the class
 */
public record FieldRef(ClassDesc owner, String name, ClassDesc type, boolean isStatic) {}

import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from "graphql";

/** Deepest nesting of fields (an introspection query has 15), most selections after spreading fragments, most aliases, most root fields of one operation. */
export const LIMITS = { depth: 16, fields: 600, aliases: 20, rootFields: 12 } as const;
/** Most tokens of a document; lists of rides belong into variables. */
export const MAX_TOKENS = 8_000;

interface Size {
  /** Fields and spreads met. */
  fields: number;
  aliases: number;
}

/** A validation rule that keeps what one document may ask for within {@link LIMITS}. */
export function limitsRule(context: ValidationContext): ASTVisitor {
  const refuse = (operation: OperationDefinitionNode, what: string): void => {
    const message = `The document asks for too much: ${what}.`;
    context.reportError(new GraphQLError(message, { nodes: operation }));
  };
  return {
    OperationDefinition(operation) {
      const size: Size = { fields: 0, aliases: 0 };
      const depth = measure(operation.selectionSet, { context, size, path: [] }, 1);
      if (countRoots(operation.selectionSet, context, []) > LIMITS.rootFields) {
        refuse(operation, `more than ${LIMITS.rootFields} root fields`);
      } else if (depth > LIMITS.depth) refuse(operation, `nested deeper than ${LIMITS.depth}`);
      else if (size.fields > LIMITS.fields) refuse(operation, `more than ${LIMITS.fields} fields`);
      else if (size.aliases > LIMITS.aliases) refuse(operation, `more than ${LIMITS.aliases} aliases`);
    },
  };
}

interface Walk {
  readonly context: ValidationContext;
  readonly size: Size;
  /** Names of the fragments being spread, so that a cycle ends; another rule reports it. */
  readonly path: readonly string[];
}

/** Root fields with fragments spread; stops once the bound is passed. */
function countRoots(selections: SelectionSetNode, context: ValidationContext, path: readonly string[]): number {
  let count = 0;
  for (const selection of selections.selections) {
    if (count > LIMITS.rootFields) return count;
    if (selection.kind === Kind.FIELD) count += 1;
    else if (selection.kind === Kind.INLINE_FRAGMENT) count += countRoots(selection.selectionSet, context, path);
    else {
      const name = selection.name.value;
      const fragment = context.getFragment(name);
      if (fragment && !path.includes(name)) count += countRoots(fragment.selectionSet, context, [...path, name]);
    }
  }
  return count;
}

/** Depth of a selection; stops early once any bound is passed. */
function measure(selections: SelectionSetNode, walk: Walk, level: number): number {
  const { size } = walk;
  let deepest = level;
  for (const selection of selections.selections) {
    if (deepest > LIMITS.depth || size.fields > LIMITS.fields) return deepest;
    size.fields += 1;
    if (selection.kind === Kind.FIELD) {
      if (selection.alias) size.aliases += 1;
      if (selection.selectionSet) deepest = Math.max(deepest, measure(selection.selectionSet, walk, level + 1));
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      deepest = Math.max(deepest, measure(selection.selectionSet, walk, level));
    } else {
      const name = selection.name.value;
      const fragment: FragmentDefinitionNode | null | undefined = walk.context.getFragment(name);
      if (!fragment || walk.path.includes(name)) continue;
      deepest = Math.max(deepest, measure(fragment.selectionSet, { ...walk, path: [...walk.path, name] }, level));
    }
  }
  return deepest;
}

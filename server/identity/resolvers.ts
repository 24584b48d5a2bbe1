import type { Viewer } from "#domain/identity/viewer.ts";
import { asId } from "#domain/ids.ts";
import type { RequestContext } from "#server/context.ts";
import type { MutationResolvers, QueryResolvers, ResolversTypes } from "#server/generated/graphql.ts";
import { shout, whisper } from "#server/graphql/enums.ts";
import type { SignedIn, SignIn, SignInOrigin } from "./sign-in.ts";

type ViewerShape = Extract<Awaited<ResolversTypes["Viewer"]>, object>;

/** Resolvers of who asks, signing in and out. */
export function identityResolvers(signIn: SignIn, now: () => number) {
  const viewerShape = (viewer: Viewer, origin: SignInOrigin): ViewerShape => ({
    kind: shout(viewer.kind),
    name: viewer.kind === "staff" ? viewer.name : null,
    municipality: viewer.kind === "anonymous" ? null : viewer.municipality,
    roles: viewer.kind === "staff" ? viewer.roles.map(shout) : [],
    companyId: viewer.kind === "anonymous" ? null : viewer.companyId,
    terminalId: "terminalId" in viewer ? viewer.terminalId : null,
    demo: signIn.offersDemo(origin),
    serverTime: now(),
  });
  const answer = (signedIn: SignedIn, context: RequestContext): Awaited<ResolversTypes["SignInResult"]> => {
    if (!signedIn.ok) return { ok: false, token: null, viewer: null, error: signedIn.error };
    context.setSession(signedIn.token);
    return { ok: true, token: signedIn.token, viewer: viewerShape(signedIn.viewer, context), error: null };
  };

  const query: Pick<QueryResolvers, "viewer"> = {
    viewer: (_parent, _args, context) => viewerShape(context.viewer, context),
  };
  const mutation: Pick<MutationResolvers, "signIn" | "demoSignIn" | "signOut"> = {
    signIn: async (_parent, { login, password }, context) =>
      answer(await signIn.withPassword(context.viewer, { login, password }, context), context),
    demoSignIn: async (_parent, { municipality, role, companyId }, context) => {
      const wanted = { municipality: asId<never>(municipality), role: whisper(role), companyId: companyId ?? null };
      return answer(await signIn.asDemo(context.viewer, wanted, context), context);
    },
    signOut: async (_parent, _args, context) => {
      context.setSession(null);
      return signIn.out(context.viewer, context.sessionToken, context);
    },
  };
  return { query, mutation };
}

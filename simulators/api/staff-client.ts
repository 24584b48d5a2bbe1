import type { SignInResult, StaffRole } from "../generated/graphql.ts";
import { ApiError } from "./api-error.ts";
import { createGraphqlClient, type GraphqlClient, type GraphqlClientOptions } from "./graphql-client.ts";

/** How to sign in: login and password, or nothing for the one-click sign-in of demo mode. */
export interface StaffOptions extends Pick<GraphqlClientOptions, "serverUrl" | "signal" | "retryForMs"> {
  readonly municipality: string;
  readonly login?: { readonly name: string; readonly password: string };
}

const FIELDS = "{ ok token error }";

/**
 * Signs in and returns a client that speaks for that person. With a login, `role` is what the login should hold.
 * @throws ApiError REFUSED when the sign-in is refused
 */
export async function openStaffClient(options: StaffOptions, role: StaffRole): Promise<GraphqlClient> {
  const token = await signIn(createGraphqlClient(options), options, role);
  return createGraphqlClient({ ...options, authorization: async () => `Bearer ${token}` });
}

async function signIn(client: GraphqlClient, { municipality, login }: StaffOptions, role: StaffRole): Promise<string> {
  const { result } = login
    ? await client.request<{ result: SignInResult }>(
        `mutation($login: String!, $password: String!) {
          result: signIn(login: $login, password: $password) ${FIELDS} }`,
        { login: login.name, password: login.password },
      )
    : await client.request<{ result: SignInResult }>(
        `mutation($municipality: ID!, $role: StaffRole!) {
          result: demoSignIn(municipality: $municipality, role: $role) ${FIELDS} }`,
        { municipality, role },
      );
  if (!result.token) {
    const serverCode = result.error ?? "NO_TOKEN";
    throw new ApiError("REFUSED", `sign-in refused: ${serverCode}`, { serverCode });
  }
  return result.token;
}

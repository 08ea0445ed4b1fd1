/** `RouteCard`: one route of the HTTP API: what it does and takes, and how to call it. An item of a list. */
import type { TokenScope } from "@/lib/core/api-token";
import { Badge } from "@/components/ui/badge";
import { CodeBlock } from "./code-block";
import { WithCode } from "./with-code";

export type ShownRoute = {
  name: string;
  method: string;
  path: string;
  summary: string;
  about: string;
  scope: TokenScope;
  says: string;
  parameters: { name: string; required: boolean; takes: string; about: string }[];
  curl: string;
  python: string;
};

export function RouteCard({ route }: { route: ShownRoute }) {
  const { name, method, path, summary, about, scope, says, parameters, curl, python } = route;
  return (
    <li id={name} className="flex min-w-0 flex-col gap-2 py-4 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-mono text-sm font-semibold break-all text-ink">
          {method} {path}
        </h3>
        <Badge tone={scope === "write" ? "accent" : "neutral"}>{scope}</Badge>
      </div>
      <p className="max-w-[90ch] text-sm text-ink">
        <WithCode text={summary} />.{" "}
        {about ? (
          <span className="text-ink-2">
            <WithCode text={about} />{" "}
          </span>
        ) : null}
        <span className="text-ink-2">
          Answers: <WithCode text={says.slice(0, 1).toLowerCase() + says.slice(1)} />.
        </span>
      </p>
      {parameters.length > 0 ? <Parameters list={parameters} /> : null}
      <CodeBlock name={`${method} ${path} for the shell`} text={curl} />
      <CodeBlock name={`${method} ${path} for Python`} text={python} />
    </li>
  );
}

function Parameters({ list }: { list: ShownRoute["parameters"] }) {
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-1 text-xs">
      {list.map(({ name, required, takes, about }) => (
        <div key={name} className="flex min-w-0 max-w-[60ch] gap-1.5">
          <dt className="font-mono font-medium text-ink">
            {name}
            {required ? " (needed)" : ""}
          </dt>
          <dd className="min-w-0 break-words text-ink-2">
            <WithCode text={about ? `${takes}. ${about}` : takes} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Each role may do all that the ones before it may. */
export const OPERATOR_ROLES = ['viewer', 'finance', 'admin'] as const;

export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/** A person or script that runs the gateway, known by an ops key or a dashboard session. */
export interface Operator {
  name: string;
  role: OperatorRole;
}

/** Whether the operator's role is at least the wanted one. */
export function mayActAs(operator: Operator, role: OperatorRole): boolean {
  return OPERATOR_ROLES.indexOf(operator.role) >= OPERATOR_ROLES.indexOf(role);
}

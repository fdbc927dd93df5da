"""The time march: low-Mach (or Boussinesq) flow and heat on one grid, in the mass-flux form.

One step, from level n to n+1 (design, "Equations"; three Runge-Kutta stages with one projection):

    carrier            m at the middle of the step, by the straight line through the last two levels
    turbulence         eddy viscosity and friction at walls from the velocity there, for all stages
    temperature        three stages of forward steps of dt/2, with walls, ports and sources; scalars likewise
    density            p0 of sealed regions from their mass, rho = p0 / (R T)
    momentum           m* = m_n + dt/s [N_m(m, u) + buoyancy - grad p_n], s = 3, 2, 1, u of the stage before
    boundaries         devices at the new temperature, resisting faces and openings linearised
    projection         laplacian(phi) = div m* + d(rho)/dt
    correction         m = m* - grad phi, p = p + phi/dt

The stages of the momentum are those of Wicker & Skamarock (2002), Monthly Weather Review 130, eq. 3, of third order for
a linear operator; those of the temperature keep it bounded (kernels/source/stages.cuh). Every stage is carried by the
same projected flux, so heat is conserved to round-off and convection neither makes nor takes kinetic energy; only the
provisional velocities are not yet solenoidal.
"""

from __future__ import annotations

from math import ceil, inf, isfinite, sqrt
from typing import Any

import numpy as np

from kernels import Backend, Node, Program
from kernels.scalars import Scalar
from thermo.flow.averages import Averages
from thermo.flow.binding import Binder
from thermo.flow.boundaries import Boundaries, stage_names
from thermo.flow.bulk_velocity import BulkVelocity
from thermo.flow.exchange import exchange_nodes
from thermo.flow.fluids import FluidFields, RegionFluids
from thermo.flow.function_sources import FunctionSources
from thermo.flow.ledger import Ledger
from thermo.flow.pace import Pace
from thermo.flow.part import FLUXES, VELOCITIES, Part, padded_marks, suffixed
from thermo.flow.passages import Passages
from thermo.flow.pressure import PressureSolver
from thermo.flow.regions import SealedRegions
from thermo.flow.scalars.block import DIVISORS as HEAT_DIVISORS
from thermo.flow.scalars.block import ScalarBlock
from thermo.flow.scalars.humidity import Humidity
from thermo.flow.setup import TEMPERATURE_ZERO, Setup
from thermo.flow.solids.solids import Solids
from thermo.flow.turbulence.eddy import EddyViscosity
from thermo.flow.turbulence.two_equations import carried_turbulence
from thermo.mesh.mesh import Mesh
from thermo.mesh.subdomain import Decomposition

DIVISORS = (3, 2, 1)  # of the momentum: a stage lies dt / divisor after the beginning of the step
EXPANSION = 0.25  # of its volume by which the heat it is given may expand the air of a cell in a step
STIFFNESS = 2.5  # reciprocal of the stable time step over diffusivity times the sum of 1/dx^2
MOST_IMBALANCE = 1e-3  # share of the flow through the ports of a sealed region


class FlowError(RuntimeError):
    """The run cannot go on; the message says why and what to do."""


class March:
    """Fields, boundaries and programs of the flow on one mesh, and the step that carries them on.

    parts: number of subdomains along x, y, z, all in this process. lag: see `Pace`; None suits the backend.
    `advance` makes one step; between steps `time` (s), `step`, `dt` (s) and the fields are consistent. `Solver` adds
    how a march begins and what is read from it.
    """

    def __init__(
        self, mesh: Mesh, setup: Setup, backend: Backend, parts: tuple[int, int, int] = (1, 1, 1),
        lag: int | None = None,
    ) -> None:  # fmt: skip
        self.mesh, self.setup, self.backend = mesh, setup, backend
        self.decomposition = Decomposition.split(mesh.axes, parts)
        marks = padded_marks(mesh)
        self.parts = [
            Part(backend, mesh, self.decomposition, subdomain, setup, marks) for subdomain in self.decomposition.parts
        ]
        self.scalars = np.zeros(len(Scalar))
        self.device_scalars = backend.zeros(len(Scalar), np.float64)
        law = setup.fluid.viscosity_law
        self._viscosity_law = None if law is None else backend.array(np.array(law))
        self.fluids = RegionFluids(mesh, setup)
        self._set_constants()
        self._bind = bind = Binder(backend, self.device_scalars)
        self.fluid_fields = FluidFields(backend, self.fluids, self.parts, bind)
        self.sealed = SealedRegions(backend, mesh, setup, self.parts, bind)
        self.boundaries = Boundaries(
            backend, mesh, setup, self.decomposition, self.parts, bind, self.sealed, self.fluids, self.fluid_fields
        )
        self.pressure = PressureSolver(
            backend, self.decomposition, [part.flags for part in self.parts], mesh.region,
            rows=[lists.operator for lists in self.boundaries.lists],
            right_hand_side=[part.defect for part in self.parts], solution=[part.phi for part in self.parts],
            scratch=[part.scratch for part in self.parts],
        )  # fmt: skip
        rows = [(lists.host["fluid_heat"], lists.device["fluid_heat"]) for lists in self.boundaries.lists]
        self.solids = Solids(
            backend, mesh, self.boundaries.network, self.boundaries.links, self.parts, rows, bind,
            setup.scheme.solid_step_max, self.boundaries.surfaces,
            setup.fluid.still_density * setup.fluid.heat_capacity,
        )  # fmt: skip
        self.boundaries.radiation = self.solids.radiation
        self.passages = Passages(
            backend, mesh, self.parts, self.boundaries.lists, bind, self.sealed, self.pressure, self._exchange
        )
        self.ledger = Ledger(backend, mesh, self.parts, self.boundaries, bind)
        self.transported = ScalarBlock(
            backend, mesh, setup, self.parts, self.boundaries, bind, self._exchange, self.ledger.faces,
            (*setup.scalars, *carried_turbulence(setup, mesh)),
            viscosity=[part.mu for part in self.parts] if setup.turbulence else None,
        )
        self.eddy = EddyViscosity(
            backend, mesh, setup, self.decomposition, self.parts, bind, self.boundaries, self.transported
        )
        self.humidity = Humidity(backend, self.parts, self.transported, self.sealed, bind, setup.density_varies)
        moments = self.eddy.switches if setup.resolves_eddies else None
        self.averages = Averages(backend, self.parts, bind, self.transported, setup.mean_flux, moments)
        self.bulk_velocity = BulkVelocity(backend, mesh, setup, self.parts, bind)
        self.rates = [backend.zeros(2, np.float64) for _ in self.parts]  # of flow and of variable diffusion, 1/s
        self.pace = Pace(backend, self.pressure, self.rates, lag)
        self.functions = FunctionSources(backend, mesh, self.fluids, self.parts, self.sealed, bind)
        self.level = 0
        self.time = 0.0
        self.step = 0
        self.pressure_known = False  # whether the pressure of the beginning is more than that of air at rest
        self.dt = 0.0
        self.contents_at_begin = (0.0, 0.0)
        self.scalars_at_begin: dict[str, float] = {}
        self.settled: dict[str, Any] = {}  # steady scalars by name, once they were put in place of the marched ones
        self._bind_steps()
        self._dt_diffusion = self._diffusive_limit()
        self._expansion_rate = self.boundaries.expansion_rate()

    # ------------------------------------------------------------------ set-up

    def _set_constants(self) -> None:
        fluid, s = self.setup.fluid, self.scalars
        s[Scalar.VISCOSITY] = fluid.viscosity
        s[Scalar.CONDUCTIVITY] = fluid.conductivity / fluid.heat_capacity
        s[Scalar.DENSITY] = fluid.still_density
        s[Scalar.HEAT_CAPACITY] = fluid.heat_capacity
        s[Scalar.GAS_CONSTANT] = fluid.gas_constant
        s[Scalar.TEMPERATURE_ZERO] = TEMPERATURE_ZERO
        s[Scalar.THETA_STILL] = fluid.still_virtual_temperature - TEMPERATURE_ZERO
        per_kelvin = fluid.still_expansion * (1.0 if self.setup.density_varies else fluid.still_density)
        s[Scalar.BUOYANCY] = -self.setup.gravity * per_kelvin
        s[Scalar.FORCE_X : Scalar.FORCE_Z + 1] = self.setup.force
        if fluid.sutherland is not None:
            s[Scalar.SUTHERLAND], s[Scalar.SUTHERLAND_TEMPERATURE] = fluid.sutherland_constants
            s[Scalar.RECIPROCAL_PRANDTL] = 1.0 / fluid.prandtl
            s[Scalar.CONDUCTIVITY] = fluid.sutherland[0] / fluid.prandtl
        if self.setup.turbulence is not None:
            for scalar, value in self.setup.turbulence.scalars(fluid.molecular_prandtl).items():
                s[scalar] = value
        self.backend.upload(self.device_scalars, s)

    @property
    def _switches(self) -> dict[str, int]:
        return {"LOW_MACH": int(self.setup.density_varies)}

    def _exchange(self, arrays: list, width: int) -> list[Node]:
        return exchange_nodes(self.backend, self.decomposition, arrays, width)

    def _diffusive_limit(self) -> float:
        """Largest stable time step of explicit diffusion and of the conduction between cells and walls, s.

        Three stages are stable on the negative real axis down to -2.5 (eigenvalue times dt), of which 2 are used; walls
        at half a cell add to the five-point sum, which the conductances of the heat rows count exactly. Solids conduct
        implicitly; a node before air of more heat capacity than its own (thin foil in oil) still bounds the step.
        What an eddy viscosity asks for is measured in every step (`_choose_step`).
        """
        walls = [wall.thermal[1] for wall in self.mesh.walls if wall.thermal and wall.thermal[0] == "temperature"]
        stiffness = sum(1.0 / axis.widths.min() ** 2 for axis in self.mesh.axes if axis.n > 1)
        known = [*walls, *(e.temperature for e in self.mesh.exchanges if isinstance(e.temperature, float | int))]
        coldest = min(known, default=inf)  # which counts in liquids
        rate = STIFFNESS * self.fluids.largest_diffusivity(max(walls, default=0.0), coldest) * stiffness
        rate = max(
            rate, 0.5 * self.boundaries.largest_rate(), self.solids.exchange_rate(),
            self.transported.largest_rate(stiffness),
        )  # fmt: skip
        return 1.0 / rate if rate > 0.0 else inf

    # ------------------------------------------------------------------ one step as programs

    def _bind_steps(self) -> None:
        """Bind the programs of a step from either level; anew when a source is added to them."""
        self._steps = [self._build(level) for level in (0, 1)]

    def _build(self, level: int) -> dict[str, Program]:
        """Programs of a step from `level` to the other: up to the projection, and after it."""
        now, new = level, 1 - level
        predict = self._carrier(now, new) + self._turbulence(now, new) + self._temperature(now, new)
        predict += self.ledger.devices()
        predict += self.transported.nodes(now, new, [part.between_heat_and_momentum(new) for part in self.parts])
        predict += self._momentum(now, new) + self.boundaries.open_faces(now, new, self.eddy.friction)
        predict += self.boundaries.devices(new)
        for name in FLUXES:
            predict += self._exchange([part.flux[new][name] for part in self.parts], 1)
        predict += [self._defect(part, new) for part in self.parts]
        predict += self.fluid_fields.lighten([part.defect for part in self.parts])

        finish = self.fluid_fields.weigh([part.phi for part in self.parts])
        for part in self.parts:
            finish.append(self._bind("correct", part, phi=part.phi, flags=part.flags, **part.flux[new], p=part.p))
        finish += self.boundaries.correct(new)
        finish += self._exchange([part.p for part in self.parts], 1)
        finish += self._velocity(new)
        return {"predict": self.backend.program(predict), "finish": self.backend.program(finish)}

    def _carrier(self, now: int, new: int) -> list[Node]:
        """Mass flux, density, devices and the velocity at ports and openings at the middle of the step."""
        nodes = self.boundaries.middle_of_step()
        for part in self.parts:
            others = suffixed(part.flux[new], "last") | suffixed(part.ahead, "ahead")
            count = int(np.prod(part.extent.shape))
            nodes.append(self._bind("flux_ahead", part, count=count, **part.flux[now], **others))
            if self.setup.density_varies:
                nodes.append(self._bind("density_ahead", part, increment=part.increment, rho=part.rho))
        # what ports and openings bring along in all stages of the momentum
        return nodes + self.boundaries.velocity([part.ahead for part in self.parts], self.boundaries.ahead)

    def _turbulence(self, now: int, new: int) -> list[Node]:
        """Viscosity, diffusivity and friction at walls from the velocity at the middle of the step, in flux[new]."""
        if self.setup.turbulence is None:
            return []
        middle = [part.flux[new] for part in self.parts]
        # the density beside a part must be that of the middle of the step too
        nodes = self._exchange([part.rho for part in self.parts], 1) if self.setup.density_varies else []
        nodes += [
            self._bind("velocity", part, self._switches, **part.ahead, rho=part.rho,
                       **dict(zip(VELOCITIES, u.values(), strict=True)))
            for part, u in zip(self.parts, middle, strict=True)
        ]  # fmt: skip
        nodes += self.boundaries.keep_ports(new)
        for name in FLUXES:
            nodes += self._exchange([u[name] for u in middle], 1)
        nodes += self.eddy.entering()
        return nodes + self.eddy.nodes(middle, [part.theta[now] for part in self.parts], self._diffusion_rates, now)

    def _eddy_now(self, level: int) -> list[Node]:
        """Viscosity, diffusivity and friction at walls from the velocity of `level`: between steps."""
        velocity, theta = [part.velocity for part in self.parts], [part.theta[level] for part in self.parts]
        return self.eddy.nodes(velocity, theta, self._diffusion_rates, level)

    def renew_wall_layer(self) -> None:
        """Friction and y+ at the walls as they are now, for a report; the next step forms its own."""
        velocity, theta = [part.velocity for part in self.parts], [part.theta[self.level] for part in self.parts]
        self.backend.program(self.eddy.wall_layer(velocity, theta)).run()

    @property
    def _diffusion_rates(self) -> list[Any]:
        return [rates[1:] for rates in self.rates]

    def _temperature(self, now: int, new: int) -> list[Node]:
        """Stages of the temperature: from theta[now] to theta[new], the last but one in theta_stage."""
        bind, parts = self._bind, self.parts
        variable = {"VARIABLE": int(self.setup.variable)}
        switches = self._switches | variable | {"LIMITER": int(self.setup.scheme.limiter == "koren")}
        begin, result = ([part.theta[index] for part in parts] for index in (now, new))
        between = [part.theta_stage for part in parts]
        nodes = self.humidity.gas_constants(now)
        stages = ((begin, result), (result, between), (between, result))
        for stage, ((theta, theta_new), divisor) in enumerate(zip(stages, HEAT_DIVISORS, strict=True)):
            if theta is not begin:
                nodes += self._exchange(theta, 2)
            nodes += self._molecular(theta, new, stage)
            nodes += self.boundaries.wall_heat(theta) + self.boundaries.pressure_rate(stage)
            nodes += self.solids.contact_heat(theta) + self.ledger.stage(theta)
            for number, part in enumerate(parts):
                nodes.append(
                    bind("temperature", part, switches, theta=theta[number], begin=begin[number], **part.ahead,
                         rho=part.rho, diffusivity=part.diffusivity, flags=part.flags, region=part.region,
                         pressure_rate=self.sealed.rate, divisor=divisor, theta_new=theta_new[number])
                )  # fmt: skip
            nodes += self.boundaries.boundary_heat(theta, theta_new, divisor)
            nodes += self.functions.heat_air(theta_new, divisor)
        return nodes + self._exchange(result, 2)

    def _molecular(self, theta: list, new: int, stage: int) -> list[Node]:
        """Viscosity and diffusivity that follow the temperature at stage 0, 1 or 2 of it, without a turbulence model.

        Those of the middle stage, which lies at the middle of the step, serve the momentum: the viscosity of the last
        one, at its end, goes where the next mass flux will be.
        """
        if self.setup.turbulence is not None or not self.setup.variable:
            return []
        last = stage == len(HEAT_DIVISORS) - 1
        viscosity = [part.flux[new]["mx"] if last else part.mu for part in self.parts]
        if self.fluids.several:
            nodes = self.fluid_fields.properties(theta, viscosity)
        else:
            liquid = self._viscosity_law is not None
            law = {"law": self._viscosity_law} if liquid else {}
            nodes = [
                self._bind("liquid_viscosity" if liquid else "sutherland", part, theta=of_part, mu=mu,
                           diffusivity=part.diffusivity, **law)
                for part, of_part, mu in zip(self.parts, theta, viscosity, strict=True)
            ]  # fmt: skip
        if not last:
            nodes += self._exchange(viscosity, 1)
        return nodes + self._exchange([part.diffusivity for part in self.parts], 1)

    def _momentum(self, now: int, new: int) -> list[Node]:
        """Density of the new level and buoyancy, in place of theta[now]; then the stages: u of two, m* of the last."""
        bind, parts = self._bind, self.parts
        moisten, warm = self.humidity.nodes(now, new)
        nodes = self.bulk_velocity.force() + moisten
        if self.setup.density_varies:
            nodes += self.sealed.pressure_nodes(warm)
            nodes += [
                self.fluid_fields.density(part, of_part, now, self.sealed.pressure, self.sealed.pressure_old)
                for part, of_part in zip(parts, warm, strict=True)
            ]
            nodes += self.humidity.mass_source()
            nodes += self._exchange([part.rho for part in parts], 1)
            nodes += self._exchange([part.increment for part in parts], 1)
        else:
            nodes += [
                bind("buoyancy", part, theta_new=of_part, lift=part.theta[now])
                for part, of_part in zip(parts, warm, strict=True)
            ]
        nodes += self._exchange([part.theta[now] for part in parts], 1)
        nodes += self.boundaries.keep_ports(new)
        velocity, flux = [part.velocity for part in parts], [part.flux[new] for part in parts]
        for before, after, divisor in zip((velocity, flux, velocity), (flux, velocity, flux), DIVISORS, strict=True):
            last = divisor == DIVISORS[-1]
            switches = self._switches | {
                "VARIABLE": int(self.setup.variable), "VELOCITY": int(not last)
            }
            for part, u, stage in zip(parts, before, after, strict=True):
                begin = suffixed(part.flux[now], "begin")
                nodes.append(
                    bind("momentum", part, switches, **part.ahead, **begin,
                         **dict(zip(VELOCITIES, u.values(), strict=True)), p=part.p, lift=part.theta[now],
                         rho=part.rho, increment=part.increment, mu=part.mu,
                         flags=part.flags, divisor=divisor, **stage_names(stage))
                )  # fmt: skip
            stages = [stage_names(stage) for stage in after]
            nodes += self.functions.push_air(stages, switches, divisor)
            nodes += self.eddy.shear(before, stages, switches, divisor)
            nodes += self.boundaries.stage_forces(now, stages, switches, divisor)
            if not last:
                for arrays in zip(*(stage.values() for stage in after), strict=True):
                    nodes += self._exchange(list(arrays), 1)
        return nodes

    def _defect(self, part: Part, level: int) -> Node:
        return self._bind(
            "mass_defect", part, self._switches, **part.flux[level], flags=part.flags, defect=part.defect
        )

    def _velocity(self, level: int) -> list[Node]:
        """Ghost mass fluxes, the velocity of `level`, its Courant rate and its mean."""
        nodes: list[Node] = []
        for name in FLUXES:
            nodes += self._exchange([part.flux[level][name] for part in self.parts], 1)
        for part in self.parts:
            nodes.append(
                self._bind("velocity", part, self._switches, **part.flux[level],
                           rho=part.rho, **part.velocity)
            )  # fmt: skip
        nodes += self.boundaries.velocity([part.flux[level] for part in self.parts], self.boundaries.state)
        for name in VELOCITIES:
            nodes += self._exchange([part.velocity[name] for part in self.parts], 1)
        for part, rate in zip(self.parts, self.rates, strict=True):
            nodes.append(
                self._bind("courant_rate", part, **part.velocity,
                           flags=part.flags, result=rate[:1])
            )  # fmt: skip
        return nodes + self.bulk_velocity.measure()

    # ------------------------------------------------------------------ the march

    def advance(self, limit_time: float = inf) -> None:
        """One step, never beyond `limit_time` (s). Raises FlowError when the fields are no longer finite."""
        if self.step == 0:
            self.functions.evaluate(self.time)  # for the heat that limits the first step
        dt = self._choose_step(limit_time)
        ratio = dt / self.dt if self.step else 0.0
        joined_anew = self.passages.update(self.time + dt)
        if self.step and not joined_anew:  # else what a region gained before is no part of its balance
            rates = ((1.0 + 2.0 * ratio) / (1.0 + ratio) / dt, ratio / (1.0 + ratio) / self.dt)
        else:
            rates = (1.0 / dt, 0.0)
        self._write_scalars(dt, 0.5 * ratio, *rates)
        self.boundaries.update(self.time, self.time + dt)
        self.functions.evaluate(self.time + 0.5 * dt)
        programs, new = self._steps[self.level], 1 - self.level
        programs["predict"].run()
        self.ledger.count(dt, self.functions.heat)
        if self.boundaries.changes_operator:
            self.pressure.update_coefficients()
        scheme = self.setup.scheme
        self.pace.solve(dt / self.setup.fluid.still_density, scheme.tolerance, scheme.relative_tolerance)
        self._refuse_imbalance(dt)
        programs["finish"].run()
        self.level = new
        self.time = limit_time if self._ends_on(limit_time, dt) else self.time + dt
        self.step += 1
        self.dt = dt
        self.solids.advance(self.time, dt, self.level)
        if self.averages.active:
            self._averaging[self.level].run()
            self.averages.count(dt)
        self._read_rate()

    def _refuse_imbalance(self, dt: float) -> None:
        """Raises FlowError when a region without opening is given more air than is taken from it, or less.

        A thousandth of the flow through its ports is spread over the region, as is what the tolerance leaves.
        """
        result = self.pace.result
        if result is None or not result.imbalance:
            return
        fluid, tolerance = self.setup.fluid, self.setup.scheme.tolerance
        for label, imbalance in result.imbalance.items():
            regions = [self.mesh.regions[zone] for zone in self.passages.zones_of(label)]
            density = self.fluids.of_region[label].still_density
            lost, volume = abs(imbalance) * density / fluid.still_density, sum(region.volume for region in regions)
            if lost > tolerance * density * volume / dt:
                through = sum(self.boundaries.flow_through(region.label) for region in regions)
                if lost > MOST_IMBALANCE * through:
                    spaces = ", ".join(space for region in regions for space in region.spaces) or "no space"
                    raise FlowError(
                        f"at t = {self.time:.6g} s the closed region of {spaces} gains or loses {lost:.4g} kg/s, of "
                        f"{through:.4g} kg/s through its ports; give it a pressure opening, or flows that balance at "
                        "every time"
                    )

    def _write_scalars(self, dt: float, ahead: float, rate_new: float, rate_old: float) -> None:
        s = self.scalars
        s[Scalar.DT], s[Scalar.RECIPROCAL_DT] = dt, 1.0 / dt
        s[Scalar.AHEAD] = ahead
        s[Scalar.RATE_NEW], s[Scalar.RATE_OLD] = rate_new, rate_old
        self.backend.upload(self.device_scalars, s)

    def _read_rate(self, at_once: bool = False) -> None:
        if not isfinite(self.pace.read_rate(at_once)):
            raise FlowError(
                f"the velocity is no longer finite at t = {self.time:.6g} s (step {self.step}); "
                "lower run.courant or run.dt_max, or refine the mesh at the fastest jet"
            )

    def _choose_step(self, limit_time: float) -> float:
        scheme = self.setup.scheme
        if scheme.time_step is not None:
            wanted = scheme.time_step
        else:
            # decay rates of flow and diffusion add up: each alone would leave nothing for the other
            by_flow = max(self.pace.rate, self.bulk_velocity.rate) / scheme.courant
            rate = by_flow + max(1.0 / self._dt_diffusion, STIFFNESS * self.pace.diffusion)
            by_rates = 1.0 / rate if rate > 0.0 else inf
            smallest = min(axis.widths.min() for axis in self.mesh.axes if axis.n > 1)
            by_lift = sqrt(smallest / max(abs(self.setup.gravity), 1e-12))  # a parcel at rest that starts to rise
            wanted = min(by_rates, scheme.time_step_max, by_lift, self._expansive_limit())
            if self.step:
                wanted = min(wanted, scheme.growth * self.dt)
        remaining = limit_time - self.time
        if not isfinite(remaining):
            return wanted
        return remaining / max(1, ceil(remaining / wanted - 1e-9))

    def _expansive_limit(self) -> float:
        """Time step in which the heat given to air at rest expands it by EXPANSION, s.

        beta q / (rho c_p), in a gas R q / (c_p p0) at any temperature. The velocity that the expansion makes limits
        later steps, but not the first one of a source that begins, nor one in air that is held back.
        """
        rate = max(self._expansion_rate, self.functions.expansion_rate)
        return EXPANSION / rate if rate > 0.0 else inf

    def _ends_on(self, limit_time: float, dt: float) -> bool:
        return abs(limit_time - self.time - dt) <= 1e-9 * max(dt, 1e-300)

    # ------------------------------------------------------------------ what others ask of the march

    @property
    def courant(self) -> float:
        """Largest sum-Courant number of the last step's size with the last velocity looked at."""
        return self.pace.rate * self.dt

    def hasten_solids(self, longest: float) -> float:
        """Let walls and solids follow within `longest` (s), see `Solids.hasten`; before the first step."""
        fluid = self.setup.fluid
        room = fluid.still_density * fluid.heat_capacity * float(self.mesh.volumes()[self.mesh.in_room].sum())
        factor = self.solids.hasten(longest, room)
        self._dt_diffusion = self._diffusive_limit()
        return factor

    def prepare_averages(self) -> None:
        """Bind the accumulation of the averages, once they are active."""
        if self.averages.active:
            self._averaging = [self.backend.program(self.averages.nodes(level)) for level in (0, 1)]

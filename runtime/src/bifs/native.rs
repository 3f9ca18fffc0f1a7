//! Natives of module `beamrc_native`: descriptors, for what stands in for OTP's ports.

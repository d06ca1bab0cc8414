"""Training of OneFlow model packages: data, autoencoder, denoiser, objective, export."""

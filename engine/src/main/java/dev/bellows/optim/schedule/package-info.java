/** Learning-rate schedules, as {@code torch.optim.lr_scheduler}. */
package dev.bellows.optim.schedule;
